//! Which numbers are understood, and what is said of the others.

use super::*;

#[track_caller]
fn check(typed: &str, expected: &str) {
    assert_eq!(number(typed).as_deref(), Ok(expected), "{typed}");
    assert_eq!(number(expected).as_deref(), Ok(expected));
}

#[track_caller]
fn refused(typed: &str, says: &str) {
    let problem = number(typed).unwrap_err();
    assert!(problem.starts_with(says), "{typed}: {problem}");
}

#[test]
fn the_grouping_of_a_number_stays() {
    for number in [
        "+1 (650) 555-0100",
        "030/901820",
        "+49 30 901820-12",
        "01.23.45.67.89",
        "12345",
    ] {
        check(number, number);
    }
}

#[test]
fn dashes_dots_and_slashes_are_those_of_ascii() {
    for dash in ['‐', '\u{2011}', '‒', '–', '—', '―', '−', '－', '﹣'] {
        check(&format!("+49{dash}30{dash}901820"), "+49-30-901820");
    }
    for look_alike in ['ー', 'ｰ', '─', '━', '⸺', '⸻', '˗', '➖', '֊', '־', '᠆'] {
        check(
            &format!("03{look_alike}1234{look_alike}5678"),
            "03-1234-5678",
        );
    }
    for dot in ['·', '•', '．', '\u{2024}', '∙'] {
        check(&format!("01{dot}23{dot}45"), "01.23.45");
    }
    for slash in ['⁄', '∕', '／'] {
        check(&format!("030{slash}901820"), "030/901820");
    }
}

#[test]
fn digits_of_other_scripts_are_those_of_ascii() {
    check("＋８１（０）３－１２３４", "+81(0)3-1234");
    check("+٩٧١ ٤ ١٢٣٤٥٦٧", "+971 4 1234567");
    check("+۹۸ ۲۱ ۱۲۳۴۵۶۷۸", "+98 21 12345678");
    check("+९१ ९८७६५ ४३२१०", "+91 98765 43210");
    check("๐๒ ๑๒๓ ๔๕๖๗", "02 123 4567");
}

#[test]
fn an_extension_is_written_in_one_way() {
    for end in [
        " ext. 12",
        " ext 12",
        " Ext.12",
        " EXT: 12",
        ", ext. 12",
        " extension 12",
        " extn 12",
        "x12",
        " x 12",
        " #12",
        ";ext=12",
        " Durchwahl 12",
        " DW 12",
        " (ext. 12)",
        "(x12)",
        " ｅｘｔ． １２",
        " poste 12",
        " interne 12",
        " Int. 12",
        " interno: 12",
        " extensión 12",
        " EXTENSIÓN 12",
        " anexo 12",
        " ramal 12",
        " Nebenstelle 12",
        " toestel 12",
        " wew. 12",
        " wewn. 12",
        " доб. 12",
        " ДОБ. 12",
        ", добавочный 12",
        " (вн. 12)",
        "内線12",
        "（内線：12）",
        "（内線１２）",
        " 内线12",
        "转12",
        " 分机12",
        " 分機 12",
    ] {
        check(&format!("+1 650 555 0100{end}"), "+1 650 555 0100 ext. 12");
    }
}

#[test]
fn a_link_to_a_number_is_the_number() {
    check("tel:+49-30-901820", "+49-30-901820");
    check("TEL: +49-30-901820;ext=12", "+49-30-901820 ext. 12");
}

#[test]
fn letters_are_refused_and_named() {
    refused("call me", "This has the letter “c”.");
    refused("1-800-FLOWERS", "This has the letter “F”.");
    refused(
        "+1 650 555 0100 or +1 650 555 0101",
        "This has the letter “o”.",
    );
    refused("Rolex 12", "This has the letter “R”.");
    refused("+1 650 555 0100 ext. twelve", "This has the letter “e”.");
    refused("+1 650 555 0100 x123456789", "This has the letter “x”.");
}

#[test]
fn other_signs_are_refused_and_named() {
    refused("+1 650 555 0100, +1 650 555 0101", "This has “,”.");
    refused("+1 650 555 0100 & 0101", "This has “&”.");
    refused("*31#123456", "This has “*”.");
    refused("➕49 30 901820", "This has “➕”.");
}

#[test]
fn one_number_is_asked_for() {
    let says = "This has more than one phone number. Please enter one,";
    for typed in [
        "+1 650 555 0100 / +1 650 555 0101",
        "+1 650 555 0100/+1 650 555 0101",
        "+1 650 555 0100 (+1 650 555 0101)",
        "650 555 0100 +1 650 555 0101",
        "+1 650 555 0100 / +1 650 555 0101 ext. 12",
        "+1 650 555 0100 / 555 0101",
        "650 555 0100/650 555 0101",
        "555 0100 / 555 0101",
        "+49 6221 123456 / 7654321 ext. 12",
    ] {
        refused(typed, says);
    }
    for one in [
        "+49 (0) 6221 / 1234567",
        "0049 6221 / 1234567",
        "(06221) / 1234567",
        "+49 30 901820/21",
    ] {
        check(one, one);
    }
    check("(+49) 30 901820", "(+49) 30 901820");
    check("030/901820", "030/901820");
}

#[test]
fn too_few_digits_are_counted() {
    refused(
        "+",
        "This has no digits, and a phone number has at least 5.",
    );
    refused("1 ext. 12345", "This has one digit,");
    refused("1234", "This has 4 digits,");
}

#[test]
fn more_digits_than_any_number_has_are_counted() {
    refused(
        "+1 650 555 0100 650 555 0101",
        "This has 21 digits, and a phone number has at most 15.",
    );
    refused("+49 30 901820 / 901821", "This has 16 digits,");
    refused("1234567890123456 ext. 12", "This has 16 digits,");
    // Neither an extension nor what is only dialled counts.
    for number in [
        "123456789012345",
        "123456789012345 ext. 12345678",
        "00123456789012345",
        "+49 (0) 3456789012345",
    ] {
        check(number, number);
    }
}
