package dev.panpty.testing;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Draws lines as SVG: panels one below the other, each with an axis of its own, above one common horizontal axis. */
public final class LineChart {

    private static final int WIDTH = 800;
    private static final int PANEL_HEIGHT = 130;
    private static final int TOP = 50;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int GAP = 40;
    private static final int BOTTOM = 30;
    private static final int LEGEND_STEP = 150;
    private static final int LEGEND_WIDTH = 560;
    private static final double TOLERANCE = 0.02;
    private static final String INK = "#333333";
    private static final String GRID = "#dddddd";
    private static final List<String> COLORS = List.of("#1f5fa8", "#c4541c", "#3a8a3f", "#7a4fa0", "#8a6d1f", "#555555");

    private LineChart() {}

    /** Points in the order of their x. */
    public record Line(String name, List<Point> points) {}

    /** One point. */
    public record Point(double x, double y) {}

    /** Lines of one unit; their names are shown where there is more than one. */
    public record Panel(String title, String unit, List<Line> lines) {}

    /** The scale of all axes of a picture. */
    public enum Scale {
        /** From 0. */
        LINEAR,
        /** Between powers of ten. */
        LOGARITHMIC
    }

    /** The picture with axes that begin at 0, as the text of an SVG file. */
    public static String svg(String title, String xTitle, List<Panel> panels) {
        return svg(title, xTitle, Scale.LINEAR, panels);
    }

    /** The picture as the text of an SVG file. */
    public static String svg(String title, String xTitle, Scale scale, List<Panel> panels) {
        int height = TOP + panels.size() * (PANEL_HEIGHT + GAP) + BOTTOM;
        Axis horizontal = Axis.of(scale, panels.stream().flatMap(panel -> panel.lines.stream()).flatMap(line -> line.points.stream())
                .mapToDouble(Point::x));
        List<String> out = new ArrayList<>();
        out.add(format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\""
                + " fill=\"%s\">", WIDTH, height, INK));
        out.add(format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height));
        out.add(text(LEFT, 24, "start", "font-size=\"16\" ", title));
        int top = TOP;
        for (Panel panel : panels) {
            Axis vertical = Axis.of(scale, panel.lines.stream().flatMap(line -> line.points.stream()).mapToDouble(Point::y));
            new Frame(out, top + GAP / 2, horizontal, vertical, panel).draw();
            top += PANEL_HEIGHT + GAP;
        }
        for (double x : horizontal.ticks()) {
            out.add(text(x(horizontal, x), top - GAP / 2 + 16, "middle", "", number(x)));
        }
        out.add(text((LEFT + WIDTH - RIGHT) / 2.0, top - GAP / 2 + 34, "middle", "", xTitle));
        out.add("</svg>");
        return String.join("\n", out) + "\n";
    }

    /** Where one panel is on the picture. */
    private record Frame(List<String> out, int top, Axis horizontal, Axis vertical, Panel panel) {

        void draw() {
            out.add(text(LEFT, top - 8, "start", "font-weight=\"bold\" ", panel.title + (panel.unit.isEmpty() ? "" : ", " + panel.unit)));
            for (double y : vertical.ticks()) {
                double at = y(y);
                out.add(format("<path d=\"M%d %.1fH%d\" stroke=\"%s\"/>", LEFT, at, WIDTH - RIGHT, GRID));
                out.add(text(LEFT - 8, at + 4, "end", "", number(y)));
            }
            for (int i = 0; i < panel.lines.size(); i++) {
                String color = COLORS.get(i % COLORS.size());
                out.add(format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>", color, points(i)));
                if (panel.lines.size() > 1) {
                    int legend = WIDTH - RIGHT - Math.min(LEGEND_STEP, LEGEND_WIDTH / panel.lines.size()) * (panel.lines.size() - i - 1);
                    out.add(text(legend, top - 8, "end", "fill=\"" + color + "\" ", panel.lines.get(i).name));
                }
            }
        }

        private String points(int line) {
            StringBuilder points = new StringBuilder();
            for (Point point : panel.lines.get(line).points) {
                points.append(format("%.1f,%.1f ", x(horizontal, point.x), y(point.y)));
            }
            return points.toString().strip();
        }

        private double y(double value) {
            return top + PANEL_HEIGHT - vertical.place(value) * PANEL_HEIGHT;
        }
    }

    private static double x(Axis horizontal, double value) {
        return LEFT + horizontal.place(value) * (WIDTH - LEFT - RIGHT);
    }

    /** The range of an axis; for a logarithmic axis, exponents of ten. */
    private record Axis(Scale scale, double from, double to) {

        static Axis of(Scale scale, DoubleStream values) {
            if (scale == Scale.LINEAR) {
                return new Axis(scale, 0, niceMaximum(values));
            }
            DoubleSummaryStatistics exponents = values.map(Math::log10).summaryStatistics();
            double from = Math.floor(exponents.getMin());
            return new Axis(scale, from, Math.max(from + 1, Math.ceil(exponents.getMax())));
        }

        /** Between 0 and 1. */
        double place(double value) {
            return ((scale == Scale.LINEAR ? value : Math.log10(value)) - from) / (to - from);
        }

        double[] ticks() {
            return scale == Scale.LINEAR
                    ? new double[] {0, to / 4, to / 2, to * 3 / 4, to}
                    : DoubleStream.iterate(from, exponent -> exponent <= to, exponent -> exponent + 1)
                            .map(exponent -> Math.pow(10, exponent)).toArray();
        }
    }

    /** A round number that is not below any of the values, or only by so little that it does not show. */
    private static double niceMaximum(DoubleStream values) {
        double most = Math.max(values.max().orElse(1), 1e-9);
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        return DoubleStream.of(1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10).map(factor -> factor * power)
                .filter(nice -> nice * (1 + TOLERANCE) >= most).findFirst().orElse(most);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%,.0f", value) : format("%.3g", value);
    }

    private static String text(double x, double y, String anchor, String attributes, String text) {
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>", x, y, anchor, attributes,
                text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
