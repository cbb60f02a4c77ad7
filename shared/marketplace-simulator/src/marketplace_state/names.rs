//! What people are called, so that pages have somebody to show.

const FIRST: [&str; 16] = [
    "Ada", "Bruno", "Chloe", "Dayo", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Kavya",
    "Luca", "Mira", "Noor", "Oskar", "Priya",
];
const LAST: [&str; 15] = [
    "Keller", "Sato", "Novak", "Lind", "Okafor", "Rossi", "Haddad", "Moreau", "Silva", "Tanaka",
    "Weber", "Yilmaz", "Costa", "Iyer", "Berg",
];

/// First and last name of this person of a customer, counted from 0. Each customer begins at another place, which the
/// hexadecimal start of its id says; no two of its first 240 people have the same name, nor two of its first 15 a
/// name in common.
pub(super) fn of_person(customer: &str, number: usize) -> (&'static str, &'static str) {
    let start = u32::from_str_radix(customer, 16).unwrap_or_default();
    // The lists' lengths have no common divisor, so that all pairs come before one comes again.
    let place = usize::try_from(start).unwrap_or_default() % (FIRST.len() * LAST.len()) + number;
    (name(&FIRST, place), name(&LAST, place))
}

fn name(names: &[&'static str], place: usize) -> &'static str {
    let name = names.get(place % names.len());
    name.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn colleagues_have_different_names() {
        for customer in ["0", "00000001", "fffffff0", "not hexadecimal"] {
            let people: Vec<_> = (0..240).map(|number| of_person(customer, number)).collect();
            let all: BTreeSet<_> = people.iter().collect();
            assert_eq!(all.len(), 240, "{customer}");
            let last: BTreeSet<_> = people.iter().take(15).map(|(_, last)| last).collect();
            assert_eq!(last.len(), 15, "{customer}");
        }
    }

    #[test]
    fn another_customer_has_other_people() {
        assert_eq!(of_person("0", 0), ("Ada", "Keller"));
        assert_eq!(of_person("11", 0), ("Bruno", "Novak"));
        assert_ne!(of_person("12345678", 0), of_person("12345679", 0));
    }
}
