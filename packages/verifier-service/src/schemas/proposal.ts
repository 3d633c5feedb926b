import { z } from 'zod';
import { searchedId } from './printable.ts';

export const proposalId = z.uuid().meta({ description: 'As the proposal was answered' });

/** The query of `GET /v1/proposals`; each member narrows it. */
export const proposalQuery = z.strictObject({
  organisation: searchedId.exactOptional().meta({ description: 'The code of an organisation' }),
  state: z.enum(['pending', 'approved']).exactOptional(),
});

export const proposal = z
  .strictObject({
    id: z.string(),
    organisation: z.string(),
    proposer: z.string().meta({ description: 'The id of an operator' }),
    action: z.enum(['issue', 'revoked', 'valid']),
    credential: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    state: z.enum(['pending', 'approved', 'rejected', 'done']),
    decidedBy: z.string().exactOptional(),
    decidedAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'Proposal', description: 'What another operator has to agree to 待复核事项' });

export const shownProposal = z
  .strictObject({
    ...proposal.shape,
    request: z.looseObject({}).exactOptional().meta({ description: 'What is to be issued; name and ID number masked' }),
  })
  .meta({ id: 'ShownProposal' });
