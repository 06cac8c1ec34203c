// onnxruntime-node as a peer: the threads are given, and none of them spins, as in edge-runtime.
import { createRequire } from 'node:module';

const { InferenceSession, Tensor } = createRequire(import.meta.url)('onnxruntime-node');

export const openSession = (model, threads) => InferenceSession.create(model, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
});

export const tensorOf = (values, shape) => new Tensor('float32', values, shape);
