package dev.panpty.screen;

/** Which mode does what when it is set or reset. A mode that is not listed in {@link Mode} or here does nothing. */
final class ModeFunctions {

    private final Display display;
    private final Movement movement;
    private final Runnable beforeSynchronizedOutput;

    ModeFunctions(Display display, Movement movement, Runnable beforeSynchronizedOutput) {
        this.display = display;
        this.movement = movement;
        this.beforeSynchronizedOutput = beforeSynchronizedOutput;
    }

    /** SM and RM, DECSET and DECRST: each parameter is a mode. */
    void set(Parameters parameters, boolean isPrivate, boolean on) {
        for (int i = 0; i < parameters.count(); i++) {
            if (isPrivate) {
                setPrivateMode(parameters.get(i), on);
            } else {
                Mode mode = Mode.find(parameters.get(i), false);
                if (mode != null) {
                    display.set(mode, on);
                }
            }
        }
    }

    private void setPrivateMode(int number, boolean on) {
        switch (number) {
            case 2 -> {
                if (on) {
                    display.charsets.reset();
                }
            }
            case 6 -> {
                display.set(Mode.ORIGIN, on);
                movement.moveTo(0, 0);
            }
            case 47, 1047, 1049 -> setAlternate(number == 1049, on);
            case 1048 -> {
                if (on) {
                    movement.saveCursor();
                } else {
                    movement.restoreCursor();
                }
            }
            case 2026 -> synchronizeOutput(on);
            default -> {
                Mode mode = Mode.find(number, true);
                if (mode != null) {
                    display.modes = mode.isMouse() ? Mode.withoutMouse(display.modes) : display.modes;
                    display.set(mode, on);
                }
            }
        }
    }

    private void synchronizeOutput(boolean on) {
        if (on) {
            beforeSynchronizedOutput.run();
        }
        display.set(Mode.SYNCHRONIZED_OUTPUT, on);
    }

    private void setAlternate(boolean withCursor, boolean on) {
        if (on) {
            if (withCursor) {
                movement.saveCursor();
            }
            display.showAlternate();
        } else {
            display.showMain();
            if (withCursor) {
                movement.restoreCursor();
            }
        }
        display.set(Mode.ALTERNATE_SCREEN, on);
    }
}
