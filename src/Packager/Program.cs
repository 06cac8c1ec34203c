using EdgeRuntime.Packaging.Commands;

return CommandLine.Run(args, new CommandOutput(Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected));
