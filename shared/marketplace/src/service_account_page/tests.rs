use proptest::prelude::*;

use super::*;

const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";
const EMAIL: &str = "c7a1c9e5208d44b6fa3e15f60b1d2@vendor-customers.iam.gserviceaccount.com";
const ROLES: [&str; 4] = [
    "bigquery.dataViewer",
    "compute.instanceAdmin.v1",
    "storage.objectViewer",
    "viewer",
];

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

fn registration() -> Registration {
    let domains = ["app.example.com", "*.example.org", "xn--exmple-cua.com"];
    let domains = domains.map(|text| RedirectDomain::parse(text).unwrap());
    let service = ServiceName::parse(SERVICE).unwrap();
    let roles = GrantableRoles::parse(texts(&ROLES)).unwrap();
    Registration::new(service, roles, domains.to_vec())
}

fn account() -> ServiceAccountEmail {
    ServiceAccountEmail::parse(EMAIL).unwrap()
}

fn redirect(text: &str) -> Result<Parameters, InvalidPage> {
    let asked = Asked {
        redirect: Some(text),
        ..Asked::default()
    };
    registration().parameters(&asked)
}

#[test]
fn the_address_is_the_one_of_google_s_documents_and_of_the_readme() {
    let registration = registration();
    let plain = registration.page(account(), Parameters::default());
    assert_eq!(
        plain.url(),
        format!(
            "https://console.cloud.google.com/marketplace-saas/service-account/{SERVICE}/{EMAIL}"
        )
    );
    let (hints, filter) = (
        texts(&["customer-project-1", "customer-project-2"]),
        texts(&["bigquery.dataViewer", "viewer"]),
    );
    let asked = Asked {
        single: true,
        hints: Some(&hints),
        filter: Some(&filter),
        redirect: Some("https://app.example.com/settings?step=2;a,b=c#done"),
    };
    let parameters = registration.parameters(&asked).unwrap();
    let full = registration
        .at(ConsoleHost::Console)
        .page(account(), parameters);
    assert_eq!(
        full.url(),
        format!(
            "https://console.google.com/marketplace-saas/service-account/{SERVICE}/{EMAIL}\
             ;single=true;hints=customer-project-1,customer-project-2\
             ;filter=bigquery.dataViewer,viewer\
             ;redirect=https%3A%2F%2Fapp.example.com%2Fsettings%3Fstep%3D2%3Ba%2Cb%3Dc%23done"
        )
    );
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&full.path()), "{}", full.path());
}

#[test]
fn a_registration_has_names_that_google_documents() {
    assert_eq!(ServiceName::parse(SERVICE).unwrap().as_str(), SERVICE);
    let long = "a".repeat(101);
    for service in [
        "",
        "a/b",
        "a;b",
        "A.example",
        "a..b",
        ".a",
        "a b",
        "é.example",
        &long,
    ] {
        assert_eq!(ServiceName::parse(service), None, "{service}");
    }
    let roles = GrantableRoles::parse(texts(&ROLES)).unwrap();
    assert_eq!(roles.as_slice(), ROLES);
    let long = "x".repeat(65);
    for roles in [
        &[][..],
        &["viewer", "viewer"],
        &["roles/viewer"],
        &["projects/p/roles/r"],
        &[""],
        &[".a"],
        &["a,b"],
        &["a;b"],
        &["ä"],
        &[&long],
    ] {
        assert_eq!(GrantableRoles::parse(texts(roles)), None, "{roles:?}");
    }
    let many = (0..41).map(|n| format!("role{n}")).collect();
    assert_eq!(GrantableRoles::parse(many), None);
}

#[test]
fn projects_follow_their_grammar() {
    let check = |hints: &[&str]| {
        let hints = texts(hints);
        let asked = Asked {
            hints: Some(&hints),
            ..Asked::default()
        };
        registration()
            .parameters(&asked)
            .map(|it| it.hints().to_vec())
    };
    let long = format!("{0}.{0}.com:{1}", "d".repeat(60), "x".repeat(30));
    for good in [
        "abcdef",
        "a-b-c-1",
        "project-1",
        &"x".repeat(30),
        "example.com:reports-2013",
        "eu.example.com:reports",
        "xn--exmple-cua.com:reports",
        &long,
    ] {
        assert_eq!(check(&[good]), Ok(texts(&[good])));
    }
    for bad in [
        "",
        "abcde",
        "1abcdef",
        "-abcdef",
        "abcdef-",
        "Abcdef",
        "abc_def",
        "abc.def",
        "abc def",
        "abc,def",
        "abc;def",
        "abc%2Cdef",
        "example.com:",
        ":reports",
        "com:reports",
        "example.com:reports:2013",
        "example.com:short",
        "Example.com:reports",
        "example..com:reports",
        "example.com%3Areports",
        "127.0.0.1:reports",
        "projéct",
        "abcdef\n",
        &"x".repeat(31),
    ] {
        assert_eq!(
            check(&["good-project", bad]),
            Err(InvalidPage::Hint),
            "{bad:?}"
        );
    }
    assert_eq!(check(&[]), Err(InvalidPage::HintsEmpty));
    assert_eq!(
        check(&["project-1", "project-1"]),
        Err(InvalidPage::HintTwice)
    );
    let many: Vec<_> = (0..51).map(|n| format!("project-{n}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(check(&many), Err(InvalidPage::TooManyHints));
    assert!(check(&many[..50]).is_ok());
}

#[test]
fn a_project_with_a_domain_is_encoded_in_the_address() {
    let hints = texts(&["example.com:reports-2013", "project-1"]);
    let asked = Asked {
        hints: Some(&hints),
        ..Asked::default()
    };
    let registration = registration();
    let page = registration.page(account(), registration.parameters(&asked).unwrap());
    let url = page.url();
    let end = ";hints=example.com%3Areports-2013,project-1";
    assert!(url.ends_with(end), "{url}");
    assert_eq!(registration.parse(&url), Ok(page));
    let raw = url.replace("%3A", ":");
    assert_eq!(registration.parse(&raw), Err(InvalidPage::NotCanonical));
}

#[test]
fn projects_with_long_domains_are_too_many_before_fifty() {
    let check = |count: usize| {
        let domain = format!("{}.com", "d".repeat(60));
        let hints = (0..count).map(|n| format!("{domain}:project-{n:02}"));
        let hints: Vec<_> = hints.collect();
        let asked = Asked {
            hints: Some(&hints),
            ..Asked::default()
        };
        registration().parameters(&asked).map(|_| ())
    };
    // 64 of the domain, 3 of the colon, 10 of the project, 1 of the comma.
    assert_eq!(check(25), Ok(()));
    assert_eq!(check(26), Err(InvalidPage::HintsTooLong));
}

#[test]
fn roles_are_registered_ones() {
    let check = |roles: &[&str]| {
        let roles = texts(roles);
        let asked = Asked {
            filter: Some(&roles),
            ..Asked::default()
        };
        registration()
            .parameters(&asked)
            .map(|it| it.filter().to_vec())
    };
    assert_eq!(check(&["viewer"]), Ok(texts(&["viewer"])));
    for (roles, reason) in [
        (&[][..], InvalidPage::FilterEmpty),
        (&["owner"], InvalidPage::RoleNotRegistered),
        (&["Viewer"], InvalidPage::RoleNotRegistered),
        (&["viewer", ""], InvalidPage::RoleNotRegistered),
        (&["roles/viewer"], InvalidPage::RoleWithPrefix),
        (&["projects/p/roles/viewer"], InvalidPage::RoleWithPrefix),
        (&["viewer", "viewer"], InvalidPage::RoleTwice),
    ] {
        assert_eq!(check(roles), Err(reason), "{roles:?}");
    }
}

#[test]
fn a_link_back_leads_to_a_registered_host() {
    for text in [
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/a/b?c=d&e=%20#f?g/h",
        "https://app.example.com?a@b:443",
        "https://app.example.com#a",
        "https://a.example.org/",
        "https://a.b.example.org/",
        "https://xn--exmple-cua.com/",
    ] {
        assert_eq!(redirect(text).unwrap().redirect(), Some(text));
    }
}

#[test]
fn every_trick_with_a_link_back_is_refused() {
    use InvalidPage::{RedirectCharacter, RedirectHost, RedirectScheme, RedirectTooLong};
    let long = format!("https://app.example.com/{}", "a".repeat(1_001));
    for (text, reason) in [
        ("", RedirectScheme),
        ("/settings", RedirectScheme),
        ("//app.example.com/", RedirectScheme),
        ("app.example.com", RedirectScheme),
        ("https:app.example.com", RedirectScheme),
        ("https:/app.example.com", RedirectScheme),
        ("http://app.example.com/", RedirectScheme),
        ("HTTPS://app.example.com/", RedirectScheme),
        ("javascript://app.example.com/%0aalert(1)", RedirectScheme),
        ("data:text/html,https://app.example.com/", RedirectScheme),
        ("ftp://app.example.com/", RedirectScheme),
        // Look-alikes, and registered names in the wrong place.
        ("https://", RedirectHost),
        ("https:///app.example.com/", RedirectHost),
        ("https://example.com/", RedirectHost),
        ("https://www.app.example.com/", RedirectHost),
        ("https://app.example.com.evil.example/", RedirectHost),
        ("https://app-example.com/", RedirectHost),
        ("https://app.example.co/", RedirectHost),
        ("https://evil.example/app.example.com", RedirectHost),
        ("https://evil.example?app.example.com", RedirectHost),
        ("https://evil.example#app.example.com", RedirectHost),
        ("https://evilexample.org/", RedirectHost),
        ("https://evil-example.org/", RedirectHost),
        // The name itself is not below itself.
        ("https://example.org/", RedirectHost),
        ("https://.example.org/", RedirectHost),
        ("https://a..example.org/", RedirectHost),
        ("https://-.example.org/", RedirectHost),
        ("https://a_b.example.org/", RedirectHost),
        // User info.
        ("https://app.example.com@evil.example/", RedirectHost),
        ("https://user@app.example.com/", RedirectHost),
        ("https://user:secret@app.example.com/", RedirectHost),
        ("https://@app.example.com/", RedirectHost),
        ("https://evil.example:x@a.example.org/", RedirectHost),
        // Ports.
        ("https://app.example.com:443/", RedirectHost),
        ("https://app.example.com:8443/", RedirectHost),
        ("https://app.example.com:/", RedirectHost),
        ("https://app.example.com:evil.example/", RedirectHost),
        // Other spellings of a host.
        ("https://APP.example.com/", RedirectHost),
        ("https://app.example.com./", RedirectHost),
        ("https://app%2eexample.com/", RedirectHost),
        ("https://%61pp.example.com/", RedirectHost),
        ("https://evil.example%2f.example.org/", RedirectHost),
        ("https://evil.example%23.example.org/", RedirectHost),
        ("https://127.0.0.1/", RedirectHost),
        ("https://2130706433/", RedirectHost),
        // What no address has, and browsers read in their own way.
        ("https:\\\\app.example.com\\", RedirectCharacter),
        ("https://evil.example\\.example.org/", RedirectCharacter),
        ("https://app.example.com\\@evil.example/", RedirectCharacter),
        ("https://app.example.com/\\evil", RedirectCharacter),
        (" https://app.example.com/", RedirectCharacter),
        ("https://app.example.com/ ", RedirectCharacter),
        ("https://app.example.com/\t", RedirectCharacter),
        ("https://app.exa\nmple.com/", RedirectCharacter),
        ("https://app.example.com/\u{0}", RedirectCharacter),
        ("https://app.example.com/\"><script>", RedirectCharacter),
        ("https://[::1]/", RedirectCharacter),
        ("https://app.example.com/%", RedirectCharacter),
        ("https://app.example.com/%2", RedirectCharacter),
        ("https://app.example.com/%zz", RedirectCharacter),
        ("https://app.example.com/#a#b", RedirectCharacter),
        // IDN: a full-width dot, a Cyrillic letter, a soft hyphen, a long s, the Unicode form of a
        // registered name.
        ("https://app\u{ff0e}example.com/", RedirectCharacter),
        ("https://app\u{3002}example.com/", RedirectCharacter),
        ("https://\u{430}pp.example.com/", RedirectCharacter),
        ("https://app.exa\u{ad}mple.com/", RedirectCharacter),
        (
            "https://app.example.com\u{2100}.evil.example/",
            RedirectCharacter,
        ),
        ("https://ex\u{e4}mple.com/", RedirectCharacter),
        ("https://xn--pp-7kc.example.com/", RedirectHost),
        (&long, RedirectTooLong),
    ] {
        assert_eq!(redirect(text), Err(reason), "{text:?}");
    }
}

#[test]
fn the_longest_address_stays_within_eight_kibibytes() {
    let service = format!("{}.{}", "s".repeat(50), "s".repeat(49));
    let roles: Vec<_> = (10..50).map(|n| format!("{}{n}", "r".repeat(62))).collect();
    // Each has 37 characters when it is encoded, and a comma.
    let hints: Vec<_> = (10..60)
        .map(|n| format!("d.de:{}{n}", "p".repeat(28)))
        .collect();
    assert!(LONGEST_HINTS - hints.len() * 38 < 101);
    let back = "https://app.example.com".to_owned() + &"/".repeat(1_001);
    let registration = Registration::new(
        ServiceName::parse(service).unwrap(),
        GrantableRoles::parse(roles.clone()).unwrap(),
        vec![RedirectDomain::parse("app.example.com").unwrap()],
    );
    let asked = Asked {
        single: true,
        hints: Some(&hints),
        filter: Some(&roles),
        redirect: Some(&back),
    };
    let account = ServiceAccountEmail::of(&"i".repeat(30), &"p".repeat(30)).unwrap();
    let page = registration.page(account, registration.parameters(&asked).unwrap());
    assert!(page.url().len() < 8_192, "{}", page.url().len());
    assert_eq!(registration.parse(&page.url()), Ok(page));
}

#[test]
fn registered_domains_are_names() {
    for text in [
        "example.com",
        "*.example.com",
        "http://127.0.0.1:9090",
        "http://localhost",
    ] {
        assert!(RedirectDomain::parse(text).is_some(), "{text}");
    }
    for text in [
        "",
        "*",
        "*.",
        "*.com",
        "com",
        ".example.com",
        "example.com.",
        "*.*.example.com",
        "a.*.example.com",
        "https://example.com",
        "example.com/",
        "example.com:443",
        "exämple.com",
        "EXAMPLE.com",
        "127.0.0.1",
        "a_b.example.com",
        "http://example.com",
        "http://127.0.0.1/",
        "http://127.0.0.1:",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://localhost:1@a",
        "http://127.0.0.1.example.com",
    ] {
        assert_eq!(RedirectDomain::parse(text), None, "{text}");
    }
}

#[test]
fn this_machine_is_a_place_to_return_to_only_if_it_is_registered() {
    let domains = [RedirectDomain::parse("http://127.0.0.1:9090").unwrap()];
    let check = |text| Redirect::parse(text, &domains).map(|_| ());
    assert_eq!(check("http://127.0.0.1:9090/application/"), Ok(()));
    for text in [
        "http://127.0.0.1/",
        "http://127.0.0.1:9091/",
        "http://127.0.0.1:90900/",
        "http://localhost:9090/",
        "https://127.0.0.1:9090/",
        "http://app.example.com/",
    ] {
        assert_eq!(check(text), Err(InvalidPage::RedirectHost), "{text}");
    }
}

#[test]
fn an_address_that_was_not_written_here_is_not_read() {
    use InvalidPage::{Address, Email, Encoding, NotCanonical, Parameter, Service};
    let registration = registration();
    let base = format!(
        "https://console.cloud.google.com/marketplace-saas/service-account/{SERVICE}/{EMAIL}"
    );
    assert!(registration.parse(&base).is_ok());
    let with = |rest: &str| format!("{base}{rest}");
    for (url, reason) in [
        (base.replace("https:", "http:"), Address),
        (base.replace("console.cloud", "console.evil"), Address),
        (
            base.replace("console.cloud.google.com", "console.google.com"),
            Address,
        ),
        (base.replace("service-account/", "other/"), Address),
        (base.replace(SERVICE, "other.cloud.goog"), Service),
        (base.replace(EMAIL, "ada@example.com"), Email),
        (base.replace('@', "%40"), Email),
        (with("/"), Email),
        (with("?single=true"), Email),
        (with(";"), Parameter),
        (with(";single"), Parameter),
        (with(";single=false"), Parameter),
        (with(";single=TRUE"), Parameter),
        (with(";Single=true"), Parameter),
        (with(";role=viewer"), Parameter),
        (with(";single=true;single=true"), NotCanonical),
        (with(";single=true#a"), Parameter),
        (with(";hints="), InvalidPage::Hint),
        (with(";hints=project-1,"), InvalidPage::Hint),
        (with(";hints=project-1%2Cproject-2"), InvalidPage::Hint),
        (with(";hints=%70roject-1"), NotCanonical),
        (with(";hints=project-1;hints=project-2"), NotCanonical),
        (with(";hints=project-1;single=true"), NotCanonical),
        (with(";filter=roles%2Fviewer"), InvalidPage::RoleWithPrefix),
        (with(";filter=owner"), InvalidPage::RoleNotRegistered),
        (with(";redirect=https://app.example.com"), NotCanonical),
        (
            with(";redirect=https%3a%2f%2fapp.example.com"),
            NotCanonical,
        ),
        (
            with(";redirect=https%3A%2F%2Fevil.example"),
            InvalidPage::RedirectHost,
        ),
        (with(";redirect=%"), Encoding),
        (with(";redirect=%4"), Encoding),
        (with(";redirect=%+1"), Encoding),
        (with(";redirect=%ff"), Encoding),
    ] {
        assert_eq!(registration.parse(&url), Err(reason), "{url}");
    }
}

prop_compose! {
    fn pages()(
        host in prop::sample::select(ConsoleHost::ALL.to_vec()),
        single: bool,
        hints in prop::option::of(prop::collection::btree_set("([a-z]\\.de:)?[a-z][a-z0-9-]{4,28}[a-z0-9]", 1..=50)),
        filter in prop::option::of(prop::sample::subsequence(ROLES.to_vec(), 1..=4).prop_shuffle()),
        redirect in prop::option::of((
            prop::sample::select(vec!["app.example.com", "a.example.org", "xn--exmple-cua.com"]),
            "(/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,40})?(\\?([A-Za-z0-9=&;,/?]|%[0-9a-fA-F]{2}){0,20})?(#[a-z;=,?/]{0,9})?",
        )),
    ) -> (ConsoleHost, bool, Option<Vec<String>>, Option<Vec<String>>, Option<String>) {
        let hints = hints.map(|set| set.into_iter().collect());
        let filter = filter.map(|roles| texts(&roles));
        let redirect = redirect.map(|(host, rest)| format!("https://{host}{rest}"));
        (host, single, hints, filter, redirect)
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read((host, single, hints, filter, redirect) in pages()) {
        let asked = Asked {
            single,
            hints: hints.as_deref(),
            filter: filter.as_deref(),
            redirect: redirect.as_deref(),
        };
        let registration = registration().at(host);
        let page = registration.page(account(), registration.parameters(&asked).unwrap());
        let url = page.url();
        prop_assert_eq!(registration.parse(&url), Ok(page.clone()));
        prop_assert_eq!(page.parameters().hints(), hints.unwrap_or_default());
        prop_assert_eq!(page.parameters().filter(), filter.unwrap_or_default());
        prop_assert_eq!(page.parameters().redirect(), redirect.as_deref());
        prop_assert_eq!(page.parameters().is_single(), single);
        // A browser sees one path on that host, and nothing else.
        let read = url::Url::parse(&url).unwrap();
        prop_assert_eq!(read.as_str(), &url);
        prop_assert_eq!(read.host_str(), Some(host.as_str()));
        prop_assert_eq!((read.query(), read.fragment()), (None, None));
        prop_assert!(url.len() < 8_192);
    }

    #[test]
    fn everything_that_is_read_was_written_so(
        tail in "(;(single|hints|filter|redirect|x)=?(true|viewer|project-1|https%3A%2F%2Fapp\\.example\\.com|%2|[a-z,;=%]{0,4})?){0,4}",
    ) {
        let registration = registration();
        let url = format!("{}{tail}", registration.page(account(), Parameters::default()).url());
        if let Ok(page) = registration.parse(&url) {
            prop_assert_eq!(page.url(), url);
        }
    }

    #[test]
    fn a_browser_reads_a_link_back_as_we_do(
        text in "(https?:)?[/\\\\]{0,3}([a-z]{0,3}[@:%#?.\\\\]){0,2}(app\\.example\\.com|a\\.example\\.org|evil\\.example|example\\.org)[@:%#?/\\\\.\u{ff0e}\t]?([a-z]{0,4}|443|evil\\.example)[ -~]{0,6}",
    ) {
        if redirect(&text).is_ok() {
            let read = url::Url::parse(&text).unwrap();
            prop_assert_eq!(read.scheme(), "https");
            let host = read.host_str().unwrap();
            prop_assert!(host == "app.example.com" || host.ends_with(".example.org"), "{}", host);
            prop_assert_eq!((read.username(), read.password(), read.port()), ("", None, None));
        }
    }
}
