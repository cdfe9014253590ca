"""What the world allows: one place for every number that the step enforces."""

#: World steps a second.
TICK_HZ = 20
#: Steps between two times that everyone's rows are put into spatial order: people go some metres in a second.
ARRANGE_TICKS = 20
#: Ground that a person gains the right to cover, metres a second. Running is 4 m/s; the rest absorbs jitter.
SPEED = 6.0
#: Most metres of that right a person can hold, so that a second of lost packets is no fault of theirs.
STRIDE = SPEED * 1.0
#: Head and hands stay within this distance of the ground point below the person, metres.
REACH = 3.0
#: A teleport to a point of one's own choosing may go this far, metres.
TELEPORT_REACH = 25.0
#: Seconds between two teleports: to a point of one's own choosing, and to a place the server named.
TELEPORT_PAUSE = 0.5
LANDMARK_PAUSE = 1.0
#: Seconds a wave lasts; the next one may start after it.
WAVE_SECONDS = 2.0
#: A text reaches people up to this far away, metres.
HEARING = 30.0
#: Texts somebody may say at once, and how many more each second gives back.
SAY_BURST = 5.0
SAY_RATE = 1.0
#: Seconds between two corrections, and between two refusals, told to one person.
TELL_PAUSE = 0.25
#: Seconds after a teleport in which samples from the old place, still under way, are dropped without a word.
SETTLE_SECONDS = 1.0
