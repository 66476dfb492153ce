import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

import express from 'express';
import Fastify from 'fastify';
import { H3 } from 'h3';
import { createApp, eventHandler, toWebHandler } from 'h3-1';
import { Hono } from 'hono';
import Koa from 'koa';

/** What the client of an application is answered. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers one request with an application whose only route is `route`. */
type Application = (route: () => Promise<unknown>) => Promise<Answer>;

const url = 'http://127.0.0.1/';

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.text() };
}

/** Serves one request on 127.0.0.1, for frameworks that have no other way to answer one. */
async function serve(listener: RequestListener): Promise<Answer> {
  await using server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return answerOf(await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }));
}

function expressIn(environment: 'development' | 'production'): Application {
  return (route) => {
    const app = express();
    app.set('env', environment);
    app.get('/', async (_request, response) => void response.json(await route()));
    return serve((request, response) => void app(request, response));
  };
}

/** Each framework, with the error handling that it comes with. */
export const applications: Readonly<Record<string, Application>> = {
  'Koa 3': (route) => {
    const app = new Koa();
    app.use(async (context) => void (context.body = await route()));
    const answer = app.callback();
    return serve((request, response) => void answer(request, response));
  },
  'Express 5': expressIn('development'),
  'Express 5 in production': expressIn('production'),
  'Fastify 5': async (route) => {
    const app = Fastify();
    app.get('/', route);
    const { statusCode, body } = await app.inject('/');
    return { status: statusCode, body };
  },
  'Hono 4': async (route) => {
    const app = new Hono();
    app.get('/', async (context) => context.json(await route()));
    return answerOf(await app.request('/'));
  },
  'h3 1': async (route) => {
    const app = createApp();
    app.use('/', eventHandler(route));
    return answerOf(await toWebHandler(app)(new Request(url)));
  },
  'h3 2': async (route) => answerOf(await new H3().get('/', route).request('/')),
};
