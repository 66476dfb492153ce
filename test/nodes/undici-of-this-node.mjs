// undici 8 does not run on Node 20: there its users have undici 7, and so do we.
import { register } from 'node:module';

const hook = `
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  return specifier === 'undici' ? next('undici7', { ...context, parentURL: ${JSON.stringify(import.meta.url)} }) : next(specifier, context);
}`;
if (Number(process.versions.node.split('.')[0]) < 22) register(`data:text/javascript,${encodeURIComponent(hook)}`);
