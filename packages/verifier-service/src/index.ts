export type { ActionDeps } from './actions/deps.ts';
export { addIssuerKey, addOperator, type NewIssuer, setUp } from './actions/set-up.ts';
export { type AppDeps, createApp } from './app.ts';
export { type Config, type ConfigInput, readConfig } from './config.ts';
export { openDataFolder } from './data-folder.ts';
export { EnvironmentError, ServiceError, type ServiceErrorCode, UsageError } from './errors.ts';
export { type RunningService, serve } from './main.ts';
export { loadStaticFiles, type StaticFile } from './pages/static-files.ts';
export type { Problem } from './problem.ts';
