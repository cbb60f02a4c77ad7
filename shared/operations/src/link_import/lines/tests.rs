use super::*;

/// Account, user and details of each line that can be read, with its number; and the problems.
fn found(file: &[u8]) -> (Vec<(usize, String)>, Vec<String>) {
    let (links, bad) = read(file);
    let links = links.into_iter().map(|link| {
        let details: Vec<_> = link.profile.into_values().collect();
        let (account, user) = (link.account, link.user.as_str().to_owned());
        (link.line, format!("{account} {user} {}", details.join(" ")))
    });
    (
        links.collect(),
        bad.iter()
            .map(|it| it.to_string().trim().to_owned())
            .collect(),
    )
}

fn read_well(file: &[u8]) -> Vec<(usize, String)> {
    let (links, bad) = found(file);
    assert_eq!(bad, Vec::<String>::new());
    links
}

/// The problems, of which each must have these words.
#[track_caller]
fn refuses(file: &str, expected: &[&str]) {
    let (_, bad) = found(file.as_bytes());
    assert_eq!(bad.len(), expected.len(), "{bad:?}");
    for (bad, expected) in bad.iter().zip(expected) {
        assert!(bad.starts_with(expected), "{bad}");
    }
}

#[test]
fn every_line_is_a_user_of_an_account() {
    let file = "account,user,company,name,email\n\
                A-1,1,\"Example, Inc.\",Ada,ada@example.com\n\
                A-2,2,,,\n";
    let expected = [
        (2, "A-1 1 Example, Inc. ada@example.com Ada".to_owned()),
        (3, "A-2 2 ".to_owned()),
    ];
    assert_eq!(read_well(file.as_bytes()), expected);
}

#[test]
fn columns_may_be_in_any_order_and_details_may_be_missing() {
    let expected = [(2, "A-1 1 Ada".to_owned())];
    assert_eq!(read_well(b"Name , USER,account\nAda,1,A-1"), expected);
    assert_eq!(
        read_well(b"account,user\nA-1,1\n"),
        [(2, "A-1 1 ".to_owned())]
    );
}

#[test]
fn a_spreadsheet_s_mark_line_ends_and_empty_lines_do_no_harm() {
    let file = "\u{feff}account,user,name\r\nA-1,1,Ada\r\n\r\n,,\r\nA-2,2, Bob\u{a0}\r\n";
    let expected = [(2, "A-1 1 Ada".to_owned()), (5, "A-2 2 Bob".to_owned())];
    assert_eq!(read_well(file.as_bytes()), expected);
}

#[test]
fn a_line_is_numbered_as_an_editor_does() {
    let file = "account,user,company\nA-1,1,\"Two\nlines\"\n\nA-2,2,Example\nA-3,,x\n";
    let (links, bad) = found(file.as_bytes());
    let numbers: Vec<_> = links.iter().map(|(line, _)| *line).collect();
    assert_eq!(numbers, [2, 5]);
    assert_eq!(bad, ["line 6: user is empty"]);
    assert_eq!(links[0].1, "A-1 1 Two lines");
}

#[test]
fn other_columns_are_refused() {
    for header in [
        "",
        "account",
        "user,name",
        "account;user",
        "account,user,phone",
        "account,user,user",
        "A-1,1",
    ] {
        let file = format!("{header}\nA-1,1\n");
        let (links, bad) = found(file.as_bytes());
        assert_eq!((links.len(), bad.len()), (0, 1), "{header}");
        assert!(bad[0].contains("must name the columns"), "{bad:?}");
    }
}

#[test]
fn every_bad_line_is_named_and_everything_that_is_wrong_with_it() {
    refuses(
        "account,user,company,name,email\n\
         A-1,1,=1+1,Ada,ada\n\
         A-2,2,Example,Ada\n\
         A-3,3,Example,Ada,ada@example.com\n\
         ,ada@example.com,,,\n",
        &[
            "line 2: company begins as a formula",
            "line 2: email is no e-mail address",
            "line 3: has 4 cells",
            "line 5: account is empty",
            "line 5: user is an e-mail address",
        ],
    );
}

#[test]
fn nobody_is_named_twice_and_an_account_has_one_company() {
    refuses(
        "account,user,company\nA-1,1,Example\nA-1,2,Example\nA-1,1,\nA-1,3,Other\n",
        &[
            "line 4: names a user of account A-1",
            "line 5: names another company of account A-1 than line 2",
        ],
    );
}

#[test]
fn another_encoding_is_refused_with_its_line() {
    let (_, bad) = found(b"account,user,name\nA-1,1,Ada\nA-2,2,J\xf6rg\n");
    assert_eq!(bad.len(), 1);
    assert!(bad[0].starts_with("line 3: is not UTF-8"), "{bad:?}");
}
