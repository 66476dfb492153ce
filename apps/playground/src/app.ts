import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import * as v from 'valibot';

import { actionNames } from './actions.ts';
import { ownOriginOnly, securityHeaders } from './own-origin.ts';
import { readPageFiles } from './page-files.ts';
import type { Playground } from './playground.ts';

const actionSchema = v.object({ vendor: v.picklist(['esignon', 'datacomsys']), action: v.picklist(actionNames) });

/** The page, its events, and what its buttons post to. */
export function createApp(playground: Playground): Hono {
  const { files, allowed } = readPageFiles();
  const app = new Hono();
  app.use(securityHeaders(allowed), ownOriginOnly());
  app.get('/events', (context) => sendEvents(context, playground));
  app.post('/api/traffic/on', (context) => context.json(playground.setTraffic(true)));
  app.post('/api/traffic/off', (context) => context.json(playground.setTraffic(false)));
  app.post('/api/start-over', async (context) => context.json(await playground.startOver()));
  app.post('/api/:vendor/:action', async (context) => {
    const wanted = v.safeParse(actionSchema, context.req.param());
    if (!wanted.success) return context.notFound();
    const outcome = await playground.act(wanted.output.vendor, wanted.output.action);
    return outcome === undefined ? context.json({ said: 'The calls of before are still under way.' }, 409) : context.json(outcome);
  });
  app.get('*', (context) => {
    const file = files.get(context.req.path);
    return file === undefined ? context.notFound() : context.body(file.text, 200, { 'content-type': file.type });
  });
  return app;
}

function sendEvents(context: Context, { feed, greet }: Playground): Response {
  return streamSSE(context, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    for await (const { name, data } of feed.listen(greet, left.signal)) {
      await stream.writeSSE({ event: name, data: JSON.stringify(data) });
    }
  });
}
