// Builds the packages.
import { buildPackages } from './steps.mjs';

process.exit((await buildPackages()) ? 0 : 1);
