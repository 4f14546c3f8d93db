package dev.panpty.internal.loop;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What could not be done at the moment, as a watch whose event there was no memory for, or a child that the kernel refused a descriptor:
 * the loop serves it again, 10 ms later at most. It needs no memory itself, being a stack that is linked through its members. Any thread
 * adds.
 */
public final class Unserved {

    /** What can be served again. */
    public abstract static class Member {

        private boolean isUnserved; // these two with the lock
        private Member next;

        /** Does what could not be done, or adds it again. On the loop's thread. */
        public abstract void serve();
    }

    private final ReentrantLock lock = new ReentrantLock(); // an atomic reference would have to be linked, in memory, at its first use
    private volatile Member top;

    boolean isEmpty() {
        return top == null;
    }

    /** Without effect for one that is among them. */
    void add(Member member) {
        lock.lock();
        try {
            if (!member.isUnserved) {
                member.isUnserved = true;
                member.next = top;
                top = member;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Each that there is once; one for which there still is no memory stays. On the loop's thread. */
    public void serve() {
        for (Member member = takeAll(); member != null; ) {
            Member next = leave(member);
            try {
                member.serve();
            } catch (OutOfMemoryError still) {
                add(member);
            } catch (Throwable thrown) {
                EventLoop.report(EventLoop.THROWN, thrown);
            }
            member = next;
        }
    }

    private Member takeAll() {
        if (isEmpty()) {
            return null;
        }
        lock.lock();
        try {
            Member all = top;
            top = null;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** The next, or null. */
    private Member leave(Member member) {
        lock.lock();
        try {
            Member next = member.next;
            member.next = null;
            member.isUnserved = false;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
