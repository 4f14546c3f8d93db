package dev.panpty.screen;

import java.util.Locale;

/** {@link Snapshot#toHtml}. */
final class HtmlWriter {

    private final StringBuilder out = new StringBuilder();

    private HtmlWriter() {}

    static String write(Cells[] rows) {
        return new HtmlWriter().element(rows);
    }

    private String element(Cells[] rows) {
        out.append("<pre class=\"panpty\" style=\"color:").append(Look.hex(Palette.FOREGROUND)).append(";background:")
                .append(Look.hex(Palette.BACKGROUND)).append(";direction:ltr;unicode-bidi:bidi-override\">");
        for (Cells row : rows) {
            int end = Math.max(row.usedLength(), row.textLength());
            for (int column = 0; column < end; ) {
                int next = Look.runEnd(row, column, end);
                run(row, column, next);
                column = next;
            }
            out.append('\n');
        }
        return out.append("</pre>\n").toString();
    }

    private void run(Cells row, int from, int to) {
        String text = row.text(from, to);
        String style = Look.of(row, from).css();
        Link link = row.link(from);
        boolean isLink = link != null && isHarmless(link.uri());
        if (isLink) {
            out.append("<a href=\"").append(escape(link.uri())).append("\" rel=\"noopener noreferrer\"");
        } else if (!style.isEmpty()) {
            out.append("<span");
        } else {
            out.append(escape(text));
            return;
        }
        if (!style.isEmpty()) {
            out.append(" style=\"").append(style).append('"');
        }
        out.append('>').append(escape(text)).append(isLink ? "</a>" : "</span>");
    }

    /** A scheme that opens no script. */
    private static boolean isHarmless(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://") || lower.startsWith("http://") || lower.startsWith("mailto:");
    }

    /** Text of HTML and XML: markup escaped, characters that XML does not have replaced. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isCharacterOfXml(point) ? point : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** XML 1.0, production 2, without the controls. */
    private static boolean isCharacterOfXml(int point) {
        return point >= 0x20 && point <= 0x7E || point >= 0xA0 && point <= 0xD7FF || point >= 0xE000 && point <= 0xFFFD
                || point >= 0x10000;
    }
}
