package dev.panpty;

/** A resource whose use by a process can be limited, see getrlimit(2) for what each means and its unit. A constant, for any thread. */
public enum ResourceLimit {
    /** Processor time, in seconds. */
    CPU,
    /** Size of a file written, in bytes. */
    FSIZE,
    /** Size of the data segment, in bytes. */
    DATA,
    /** Size of the stack, in bytes. */
    STACK,
    /** Size of a core dump, in bytes. */
    CORE,
    /** Resident set, in bytes; without effect today. */
    RSS,
    /** Number of processes of the user. */
    NPROC,
    /** One more than the highest descriptor. */
    NOFILE,
    /** Locked memory, in bytes. */
    MEMLOCK,
    /** Address space, in bytes. */
    AS,
    /** File locks; without effect today. */
    LOCKS,
    /** Number of queued signals of the user. */
    SIGPENDING,
    /** Bytes in POSIX message queues of the user. */
    MSGQUEUE,
    /** 20 minus the lowest niceness that may be set. */
    NICE,
    /** Highest real-time priority that may be set. */
    RTPRIO,
    /** Real-time processor time without a blocking call, in microseconds. */
    RTTIME;

    /** No limit, {@code RLIM_INFINITY}. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** The number by which the kernel knows it: the constants are in that order. */
    int number() {
        return ordinal();
    }
}
