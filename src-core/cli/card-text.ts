/** What dmw card prints for people: the sheet of a card, and a plan. */
import type { CardSheetView, PlanView } from '../workbench/views.ts';

export function sheetLines(sheet: CardSheetView): string[] {
  const { bootstrap, provisioning, directory } = sheet;
  return [
    `Reader  ${sheet.reader}`,
    `ATR     ${sheet.atr}`,
    ...sheet.atrWords.map(words => `        ${words}`),
    `ICCID   ${sheet.iccid}`,
    ...sheet.applications.map(({ aid, label }) => `App     ${aid}  ${label}`),
    ...(directory ? [`DF      ${directory.path}  ${directory.access}`] : []),
    ...sheet.files.flatMap(({ path, what, used, size, access, words }) => [
      `File    ${path}  ${what}  ${used} of ${size} bytes`,
      `        ${words}`,
      ...(access === undefined ? [] : [`        ${access}`]),
    ]),
    ...(sheet.objects ?? []).map(
      ({ label, oid, name, path }) => `Object  ${path}  ${name ?? 'unknown'}  ${oid}  ${JSON.stringify(label)}`,
    ),
    ...(bootstrap
      ? [
          `DM now  ${bootstrap.serverId}  ${bootstrap.serverUrl}  ${bootstrap.bytes} bytes  ${bootstrap.detail}`,
          ...bootstrap.facts.map(fact => `        ${fact}`),
        ]
      : ['DM now  no bootstrap']),
    ...(provisioning
      ? [
          `CP now  ${provisioning.path}  ${provisioning.bytes} bytes`,
          ...provisioning.facts.map(fact => `        ${fact}`),
        ]
      : []),
    `PIN1    ${sheet.pin1.words}`,
    `ADM1    ${sheet.admTriesLeft ?? 'unknown'} tries left`,
    ...sheet.problems.map(problem => `Problem ${problem}`),
  ];
}

const MARKS = { same: ' ', old: '-', new: '+', note: '@' } as const;

export function planLines(view: PlanView): string[] {
  const { estimate, hindrances = [], key = 'ADM1' } = view;
  return [
    `Card ${view.iccid} in ${view.reader}: ${view.profile}`,
    ...view.files.map(
      ({ path, what, onCard, willBe, change, access }) =>
        `${path}  ${what}  ${onCard} → ${willBe} bytes  ${change}${access ? `  READ ${access.read}, UPDATE ${access.update}` : ''}`,
    ),
    ...view.diff.map(line => `${MARKS[line.kind]} ${line.text}`),
    `Key ${key}: ${view.admTriesLeft ?? 'unknown how many'} tries left`,
    `${view.apdusToWrite} commands change the card, ${view.apdusToVerify} verify it` +
      (estimate ? `; about ${seconds(estimate.ms)} for ${estimate.apdus} commands in all` : ''),
    ...hindrances.map(({ path, what, reason, blocks }) => `${blocks ? 'CANNOT' : 'Note'}: ${what} ${path}: ${reason}`),
    ...(view.gap ? ['While it is written the card has no bootstrap: it has no room for two.'] : []),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
