//! Tests of the state machine.

mod events;
mod transitions;
