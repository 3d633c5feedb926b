export type {
  Answer,
  CallOptions,
  ClientOptions,
  ConnectionFailureCode,
  ServiceFailure,
} from './client/connection.ts';
export { createListClient, type ListAnswer, type ListClient, type ListOptions } from './client/list-client.ts';
export {
  createServiceClient,
  type Issuing,
  type Picture,
  type ServiceClient,
  type StatusChanging,
} from './client/service-client.ts';
export { titleProblem } from './client/titles.ts';
export type * from './client/wire.ts';
export type { FieldFault, ServiceErrorCode } from './errors.ts';
