import { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

/** The looks that the command line uses. */
export type Look = 'bold' | 'underline' | 'italic' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** Returns the text in that look, or as it is where nothing is coloured. */
export type Paint = (look: Look | readonly Look[], value: string) => string

/** Returns true when a terminal that shows colours is on the other end and the environment (NO_COLOR, TERM) allows them. */
export const showsColor = (isTTY: boolean): boolean => isTTY && WriteStream.prototype.getColorDepth() > 2

/** Returns a {@link Paint} that colours, or one that leaves everything as it is. */
export const createPaint = (color: boolean): Paint =>
  color
    ? (look, value) =>
        styleText(typeof look === 'string' ? look : [...look], value, { validateStream: false })
    : (_look, value) => value
