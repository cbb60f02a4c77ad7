//! Names that nobody can guess and no two things share.

/// A UUID of version 4, the form of Google's account and entitlement ids.
#[expect(clippy::indexing_slicing, reason = "the parts are within 16 bytes")]
pub(crate) fn uuid() -> String {
    let mut bytes: [u8; 16] = bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let [first, second, third, fourth, last] =
        [0..4, 4..6, 6..8, 8..10, 10..16].map(|part| hexadecimal(&bytes[part]));
    format!("{first}-{second}-{third}-{fourth}-{last}")
}

/// The id of an operation, such as `CREATE_ENTITLEMENT-<uuid>`: what its messages share as `eventId`.
pub(crate) fn operation(what: &str) -> String {
    format!("{what}-{}", uuid())
}

/// A number of so many decimal digits that does not begin with zero.
pub(crate) fn digits(count: u32) -> String {
    let lowest = 10_u128.pow(count.saturating_sub(1));
    let number = u128::from_be_bytes(bytes()) % (lowest * 9) + lowest;
    number.to_string()
}

/// 32 hexadecimal digits.
pub(crate) fn token() -> String {
    hexadecimal(&bytes::<16>())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[expect(
    clippy::expect_used,
    reason = "without randomness there is no simulator"
)]
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}
