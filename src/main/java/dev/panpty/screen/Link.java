package dev.panpty.screen;

/**
 * A hyperlink of OSC 8. Cells with the same link object belong together.
 *
 * @param uri what the program gave
 * @param id the program's name of the link, perhaps empty
 */
record Link(String uri, String id) {}
