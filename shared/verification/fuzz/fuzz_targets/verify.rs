//! Arbitrary bytes as a token, and as the payload of a token whose signature was good.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    verification::fuzzing::structure(bytes);
    verification::fuzzing::claims(bytes, Timestamp::UNIX_EPOCH);
});
