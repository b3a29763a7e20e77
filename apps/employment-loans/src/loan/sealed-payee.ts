import type { Sealer } from '@ansinh/sealing';
import type { BorrowerAccount } from './loan-moves.dto.js';

interface ContractKey {
  loanId: string;
  contract: number;
}

type Payee = Pick<BorrowerAccount, 'payeeId' | 'account'>;

/** Sealed with its loan and contract, so that it opens nowhere else. */
export const contractPlace = ({ loanId, contract }: ContractKey) => `loan_contract/${loanId}/${contract}`;

/** The two numbers of whoever receives the money. */
export function sealPayee(sealer: Sealer, key: ContractKey, { payeeId, account }: Payee): Buffer {
  return sealer.seal(`${payeeId}\t${account}`, contractPlace(key));
}

export function openPayee(sealer: Sealer, key: ContractKey, sealed: Buffer): Payee {
  const [payeeId, account] = sealer.open(sealed, contractPlace(key)).split('\t');
  return { payeeId: payeeId!, account: account! };
}
