"""What lives in the city: people, where they are, and the tick that moves them.

The core is pure: :func:`world.step.step` takes the state, the commands that arrived and the time, changes the
state and returns events. It reads no clock and does no input or output.
"""
