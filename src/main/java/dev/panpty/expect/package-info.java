/**
 * Dialogs with programs: {@link dev.panpty.expect.Expect} waits for output and types.
 */
package dev.panpty.expect;
