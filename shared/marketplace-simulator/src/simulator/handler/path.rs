//! Paths.

pub(super) fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split('/').map(percent_decoded).collect()
}

/// What is not UTF-8 is replaced, and then fits nothing.
fn percent_decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = decoded.filter(|_| first == b'%') {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_one_by_one() {
        for (path, expected) in [
            ("/", vec![""]),
            ("/a/b", vec!["a", "b"]),
            ("/a%2Fb/c%40d", vec!["a/b", "c@d"]),
            ("/a+b&c=d", vec!["a+b&c=d"]),
            ("/%/%4/%+4/%ff", vec!["%", "%4", "%+4", "\u{fffd}"]),
        ] {
            assert_eq!(segments(path), expected, "{path}");
        }
    }
}
