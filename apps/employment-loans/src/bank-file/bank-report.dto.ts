import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class BankReportQuery {
  @ApiProperty({ required: false, example: 2022, description: 'This year, unless another one is asked for' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(2000)
  @Max(2100)
  year?: number;
}

class ReportFile {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Null before all of its rows are taken up' })
  agrees: boolean | null;
}

export class BankReportView {
  @ApiProperty({ example: '2022-Q2' })
  quarter: string;

  @ApiProperty({ format: 'date', description: 'The last day of the quarter' })
  asOf: string;

  @ApiProperty({ format: 'date', description: 'By when the bank reports to the district' })
  districtDueOn: string;

  @ApiProperty({ format: 'date', description: 'By when the bank reports to the department' })
  departmentDueOn: string;

  @ApiProperty({ type: ReportFile, nullable: true, description: 'The last file of balances as of that day' })
  file: ReportFile | null;

  @ApiProperty({ description: 'The day for the department is over, and there is no file' })
  isLate: boolean;
}

export class BankReports {
  @ApiProperty({ type: [BankReportView] })
  items: BankReportView[];
}
