import type { Dispatcher } from 'undici';

/** What undici gives a handler to control the exchange with. */
export type Controller = Dispatcher.DispatchController;
/** What undici calls while an exchange runs. */
export type Handler = Dispatcher.DispatchHandler;
/** A request as undici's interceptors see it. */
export type RequestOptions = Dispatcher.DispatchOptions;
/** Response headers as undici hands them to handlers. */
export type ReceivedHeaders = Parameters<NonNullable<Handler['onResponseEnd']>>[1];
/** The connection behind an upgraded request. */
export type UpgradedSocket = Parameters<NonNullable<Handler['onRequestUpgrade']>>[3];
