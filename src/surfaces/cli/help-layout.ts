import type { Command, Help, HelpConfiguration } from 'commander'
import { type Language, text } from '../../domain/text.ts'
import { displayWidth, wrapToWidth } from './terminal/display-width.ts'
import type { Paint } from './terminal/paint.ts'

const TITLES = new Map([
  ['Usage:', text('用法:', 'Usage:')],
  ['Arguments:', text('参数:', 'Arguments:')],
  ['Options:', text('选项:', 'Options:')],
  ['Commands:', text('命令:', 'Commands:')],
])

/** Returns how help looks: headings in the language, Chinese measured and wrapped by its width on the screen. */
export function helpLayout(language: Language, paint: Paint): HelpConfiguration {
  const usageOf = (usage: string): string =>
    usage
      .replace('[options]', text('[选项]', '[options]')[language])
      .replace('[command]', text('[命令]', '[command]')[language])
  return {
    commandUsage: (command: Command): string => {
      const ancestors: string[] = []
      for (let one = command.parent; one !== null; one = one.parent) ancestors.unshift(one.name())
      return [...ancestors, command.name(), usageOf(command.usage())].join(' ')
    },
    subcommandTerm: (command: Command): string =>
      [command.name(), command.usage().replace(/\[(?:options|command)\]/g, '')]
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim(),
    subcommandDescription: (command: Command): string => command.summary() || command.description(),
    styleTitle: (title: string): string => paint('bold', TITLES.get(title)?.[language] ?? title),
    styleUsage: (usage: string): string => usage,
    styleSubcommandTerm: (term: string): string => paint('cyan', term),
    styleOptionTerm: (term: string): string => paint('cyan', term),
    displayWidth,
    boxWrap(this: Help, value: string, width: number): string {
      return width < this.minWidthToWrap ? value : wrapToWidth(value, width).join('\n')
    },
  }
}
