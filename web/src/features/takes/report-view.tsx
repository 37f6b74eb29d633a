import { CircleCheck, TriangleAlert } from "lucide-react";

import { decibels, title } from "@/lib/format";

import type { Report } from "./model";
import { measurement, plain, reportRows, valueName, type Row } from "./report";

/** Asked against measured, for every value the studio checks. */
export function ReportView({ report }: { report: Report }) {
  const rows = reportRows(report);
  return (
    <div className="flex flex-col gap-6">
      <Verdict report={report} />
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-muted">
              <th scope="col" className="py-2 pr-4 font-medium">Value</th>
              <th scope="col" className="py-2 pr-4 font-medium">Asked</th>
              <th scope="col" className="py-2 font-medium">Measured</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-t border-line">
            {rows.map((row) => (
              <ReportRow key={row.name} {...row} />
            ))}
          </tbody>
        </table>
      </div>
      <Figures report={report} />
    </div>
  );
}

function ReportRow({ name, asked, measured }: Row) {
  const { figure, particulars } = measurement(measured);
  return (
    <tr className="align-top">
      <th scope="row" className="py-2.5 pr-4 text-left font-medium">{valueName(name)}</th>
      <td className="max-w-52 py-2.5 pr-4 break-words text-muted">{plain(asked)}</td>
      <td className="max-w-52 py-2.5 break-words">
        {figure}
        {particulars && <span className="block text-xs text-muted">{particulars}</span>}
      </td>
    </tr>
  );
}

function Verdict({ report }: { report: Report }) {
  if (report.passed) {
    return (
      <p className="flex items-center gap-2 text-sm font-medium text-good">
        <CircleCheck className="size-5" aria-hidden /> Everything asked for was measured on the finished take.
      </p>
    );
  }
  return (
    <div className="text-sm">
      <p className="flex items-center gap-2 font-medium text-danger">
        <TriangleAlert className="size-5" aria-hidden /> This take misses what was asked
      </p>
      <ul className="mt-2 list-disc pl-7 text-muted">
        {report.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}

function Figures({ report }: { report: Report }) {
  const stages = Object.entries(report.seconds);
  const figures: [string, string][] = [
    ["Loudness", report.loudnessLufs === null ? "" : `${decibels(report.loudnessLufs)} LUFS`],
    ["True peak", report.truePeakDbtp === null ? "" : `${decibels(report.truePeakDbtp)} dBTP`],
    ["Speed", report.realtimeFactor === null ? "" : `${report.realtimeFactor.toFixed(1)} × real time`],
    ...stages.map(([stage, seconds]): [string, string] => [title(stage), `${seconds.toFixed(2)} s`]),
  ];
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-4 text-sm">
      {figures.filter(([, value]) => value).map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="mt-0.5 font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
