export { type ConsumerOptions, copyPrograms, installConsumer, ourPackagesIn } from './consumer.ts';
export { type Exercise, exercise, type Loading } from './exercise.ts';
export { type PackedPackage, packPackages, repository } from './pack-packages.ts';
export { run, type RunOptions, runWithPnpm } from './run.ts';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
