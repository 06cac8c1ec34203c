namespace EdgeRuntime.Inference;

/// <summary>What a CTC decoder found: how many bytes of text were written, and how sure the model is of them.</summary>
/// <param name="Bytes">The length of the text in UTF-8.</param>
/// <param name="Characters">The number of characters kept.</param>
/// <param name="Score">The mean probability of the kept characters, 0 to 1; 0 where there are none.</param>
public readonly record struct CtcText(int Bytes, int Characters, float Score);
