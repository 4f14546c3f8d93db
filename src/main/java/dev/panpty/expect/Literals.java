package dev.panpty.expect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Searches bytes for several literals at once, by Aho and Corasick's automaton, which for one literal is that of Knuth, Morris and Pratt.
 * It keeps its state between calls, so each byte is looked at a bounded number of times however the bytes are cut. Nodes have few children,
 * therefore lists in place of tables of 256. For one thread at a time.
 */
final class Literals {

    private static final int BYTE_VALUES = 256;
    private static final int ROOT = 0;
    private static final int NONE = -1;

    private final List<byte[]> literals;
    private final boolean[] begins = new boolean[BYTE_VALUES]; // whether a literal begins with this byte
    // By node.
    private final byte[][] edges;
    private final int[][] children;
    private final int[] fallback; // the node of the longest proper suffix
    private final int[] longest; // the longest literal that ends at the node, the first named of equal ones; NONE
    private int node = ROOT;
    private int found = NONE;

    /** @param literals one byte or more each */
    Literals(List<byte[]> literals) {
        this.literals = List.copyOf(literals);
        int most = 1 + literals.stream().mapToInt(literal -> literal.length).sum();
        byte[][] growingEdges = new byte[most][];
        int[][] growingChildren = new int[most][];
        longest = new int[most];
        fallback = new int[most];
        Arrays.fill(longest, NONE);
        Arrays.fill(growingEdges, new byte[0]);
        Arrays.fill(growingChildren, new int[0]);
        edges = growingEdges;
        children = growingChildren;
        int count = 1;
        for (int i = 0; i < literals.size(); i++) {
            int at = ROOT;
            for (byte each : literals.get(i)) {
                int child = child(at, each);
                if (child == NONE) {
                    child = count++;
                    addChild(at, each, child);
                }
                at = child;
            }
            if (longest[at] == NONE) {
                longest[at] = i;
            }
            begins[literals.get(i)[0] & 0xff] = true;
        }
        link();
    }

    private void addChild(int parent, byte edge, int child) {
        int size = edges[parent].length;
        edges[parent] = Arrays.copyOf(edges[parent], size + 1);
        children[parent] = Arrays.copyOf(children[parent], size + 1);
        edges[parent][size] = edge;
        children[parent][size] = child;
    }

    private int child(int parent, byte edge) {
        byte[] of = edges[parent];
        for (int i = 0; i < of.length; i++) {
            if (of[i] == edge) {
                return children[parent][i];
            }
        }
        return NONE;
    }

    /** Sets the fallbacks, nodes near the root first. */
    private void link() {
        Deque<Integer> next = new ArrayDeque<>(toList(children[ROOT]));
        while (!next.isEmpty()) {
            int parent = next.remove();
            for (int i = 0; i < children[parent].length; i++) {
                int child = children[parent][i];
                fallback[child] = parent == ROOT ? ROOT : step(fallback[parent], edges[parent][i]);
                if (longest[child] == NONE) {
                    longest[child] = longest[fallback[child]];
                }
                next.add(child);
            }
        }
    }

    private static List<Integer> toList(int[] values) {
        List<Integer> list = new ArrayList<>(values.length);
        for (int each : values) {
            list.add(each);
        }
        return list;
    }

    private int step(int from, byte value) {
        int at = from;
        int child = child(at, value);
        while (child == NONE && at != ROOT) {
            at = fallback[at];
            child = child(at, value);
        }
        return child == NONE ? ROOT : child;
    }

    /**
     * Searches on.
     *
     * @return the end of the first literal that ends, {@link #index} is which; -1 if none does: the next call begins at {@code to}
     */
    int find(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (node == ROOT) {
                while (at < to && !begins[bytes[at] & 0xff]) {
                    at++;
                }
                if (at == to) {
                    return NONE;
                }
            }
            node = step(node, bytes[at++]);
            if (longest[node] != NONE) {
                found = longest[node];
                node = ROOT;
                return at;
            }
        }
        return NONE;
    }

    /** The length of the longest literal in bytes. */
    int longest() {
        return literals.stream().mapToInt(literal -> literal.length).max().orElse(0);
    }

    /** Which literal was found. */
    int index() {
        return found;
    }

    /** Its length in bytes. */
    int length() {
        return literals.get(found).length;
    }
}
