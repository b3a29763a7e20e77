import type { Type as Class } from '@nestjs/common';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, ValidateNested } from 'class-validator';
import { ApplyForLoan, LoanView } from './loan.dto.js';
import {
  AppraiseLoan,
  ApproveLoan,
  ConfirmLoan,
  OrderDisbursement,
  SeenLoan,
  SignLoan,
  UseCheck,
} from './loan-moves.dto.js';

/** So many are decided in one transaction, which holds the capital of their plan meanwhile. */
const rowsMax = 200;

interface Rows<Row> {
  items: Row[];
}

/** The body of a list: rows of a kind. Of loans that are there each stands in it once. */
function listOf<Row extends object>(row: Class<Row>): Class<Rows<Row>> {
  class List {
    @ApiProperty({ type: [row], minItems: 1, maxItems: rowsMax })
    @IsArray()
    @ArrayNotEmpty()
    @ArrayMaxSize(rowsMax)
    @ArrayUnique((each: Partial<SeenLoan>) => (each.id === undefined ? each : String(each.id).toLowerCase()))
    @ValidateNested({ each: true })
    @Type(() => row)
    items: Row[];
  }
  return List;
}

export class ApplicationList extends listOf(ApplyForLoan) {}

class ListedConfirmation extends IntersectionType(SeenLoan, ConfirmLoan) {}
export class ConfirmationList extends listOf(ListedConfirmation) {}

class ListedAppraisal extends IntersectionType(SeenLoan, AppraiseLoan) {}
export class AppraisalList extends listOf(ListedAppraisal) {}

class ListedApproval extends IntersectionType(SeenLoan, ApproveLoan) {}
export class ApprovalList extends listOf(ListedApproval) {}

class ListedContract extends IntersectionType(SeenLoan, SignLoan) {}
export class ContractList extends listOf(ListedContract) {}

class ListedDisbursement extends IntersectionType(SeenLoan, OrderDisbursement) {}
export class DisbursementList extends listOf(ListedDisbursement) {}

class ListedUseCheck extends IntersectionType(SeenLoan, UseCheck) {}
export class UseCheckList extends listOf(ListedUseCheck) {}

/** Loans as a list has left them, in its order. */
export class MovedLoans {
  @ApiProperty({ type: [LoanView] })
  items: LoanView[];
}
