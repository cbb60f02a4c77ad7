use std::collections::BTreeSet;

use function_runtime::{MapEnv, Problems};

use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Option<OwnApplication>, Problems> {
    let env: MapEnv = variables.iter().copied().collect();
    let mut reader = Reader::new(&env);
    let application = OwnApplication::read(&mut reader);
    reader.finish(|| application)
}

fn own(variables: &[(&str, &str)]) -> OwnApplication {
    read(variables).unwrap().unwrap()
}

fn names(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.variable).collect()
}

fn addresses() -> Addresses {
    Addresses {
        portico: "http://localhost:8080".to_owned(),
        marketplace: "http://127.0.0.1:9090".to_owned(),
    }
}

#[test]
fn one_address_is_enough() {
    let application = own(&[("APPLICATION_URL", "http://127.0.0.1:3000/")]);
    let expected = OwnApplication {
        origin: "http://127.0.0.1:3000".to_owned(),
        signup_url: "http://127.0.0.1:3000/signup".to_owned(),
        audience: "http://127.0.0.1:3000".to_owned(),
        login_url: "http://127.0.0.1:3000/login".to_owned(),
        news: News::Pushed {
            url: "http://127.0.0.1:3000/events".to_owned(),
            audience: "http://127.0.0.1:3000".to_owned(),
        },
    };
    assert_eq!(application, expected);
    assert_eq!(read(&[]), Ok(None));
}

#[test]
fn each_page_may_be_elsewhere() {
    let application = own(&[
        ("APPLICATION_URL", "http://127.0.0.1:3000"),
        (
            "APPLICATION_SIGNUP_URL",
            "https://app.example.com/portico/in",
        ),
        ("APPLICATION_LOGIN_URL", "https://id.example.com/?a=b"),
        ("APPLICATION_EVENTS_URL", "http://127.0.0.1:3001/hooks/news"),
    ]);
    assert_eq!(application.audience, "https://app.example.com");
    assert_eq!(application.login_url, "https://id.example.com/?a=b");
    let News::Pushed { url, audience } = application.news else {
        panic!("it is pushed");
    };
    assert_eq!(url, "http://127.0.0.1:3001/hooks/news");
    assert_eq!(audience, "http://127.0.0.1:3001");
}

#[test]
fn what_is_no_origin_is_refused_without_being_shown() {
    for text in [
        "127.0.0.1:3000",
        "localhost",
        "http://127.0.0.1:3000/app",
        "http://127.0.0.1:3000?hunter2",
        "http://127.0.0.1:3000/#hunter2",
        "http://ada:hunter2@127.0.0.1:3000",
        "ftp://127.0.0.1",
        "http://app.example.com",
        "http://",
    ] {
        let problems = read(&[("APPLICATION_URL", text)]).unwrap_err();
        assert_eq!(names(&problems), ["APPLICATION_URL"], "{text}");
        let said = problems.to_string();
        assert!(said.contains("with a scheme and without a path"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert!(read(&[("APPLICATION_URL", "https://app.example.com")]).is_ok());
}

#[test]
fn every_problem_is_reported_at_once() {
    let problems = read(&[
        ("APPLICATION_URL", "127.0.0.1:3000"),
        ("APPLICATION_SIGNUP_URL", "/signup"),
        ("APPLICATION_LOGIN_URL", "ftp://127.0.0.1/login"),
        ("APPLICATION_EVENTS_URL", "http://app.example.com/events"),
        ("PUBSUB_EMULATOR_HOST", "pubsub.example:8085"),
    ]);
    let expected = [
        "APPLICATION_URL",
        "APPLICATION_SIGNUP_URL",
        "APPLICATION_LOGIN_URL",
        "APPLICATION_EVENTS_URL",
        "PUBSUB_EMULATOR_HOST",
    ];
    assert_eq!(names(&problems.unwrap_err()), expected);
}

#[test]
fn what_is_about_it_needs_it() {
    for (name, value) in [
        ("APPLICATION_SIGNUP_URL", "http://127.0.0.1:3000/signup"),
        ("APPLICATION_LOGIN_URL", "http://127.0.0.1:3000/login"),
        ("APPLICATION_EVENTS_URL", "http://127.0.0.1:3000/events"),
        ("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085"),
    ] {
        let problems = read(&[(name, value)]).unwrap_err();
        assert_eq!(names(&problems), [name]);
        assert!(problems.to_string().contains("needs APPLICATION_URL"));
    }
}

#[test]
fn events_are_pushed_or_published() {
    let problems = read(&[
        ("APPLICATION_URL", "http://127.0.0.1:3000"),
        ("APPLICATION_EVENTS_URL", "http://127.0.0.1:3000/news"),
        ("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085"),
    ]);
    assert_eq!(names(&problems.unwrap_err()), ["PUBSUB_EMULATOR_HOST"]);
    for text in ["127.0.0.1", "[::1]", "127.0.0.1:", "127.0.0.1:http", "a:1"] {
        assert!(emulator(text).is_err(), "{text}");
    }
    assert_eq!(emulator("localhost:8085").unwrap(), "localhost:8085");
    assert_eq!(emulator("[::1]:8085").unwrap(), "[::1]:8085");
}

#[test]
fn google_s_page_leads_back_to_it() {
    for (url, expected) in [
        ("http://127.0.0.1:3000", Some("http://127.0.0.1:3000")),
        ("https://app.example.com", Some("app.example.com")),
        ("https://app.example.com:8443", None),
    ] {
        let application = own(&[("APPLICATION_URL", url)]);
        assert_eq!(application.redirect_domain().as_deref(), expected, "{url}");
    }
}

#[test]
fn the_block_is_lines_to_paste_and_nothing_else() {
    let application = own(&[("APPLICATION_URL", "http://127.0.0.1:3000")]);
    let said = block(&application.environment(&addresses(), &Settings::default()));
    let hand_off = "hand-off@example-project.iam.gserviceaccount.com";
    let expected = format!(
        "export HAND_OFF_ISSUER=https://www.googleapis.com/service_accounts/v1/metadata/x509/{hand_off}
export HAND_OFF_KEYS_URL=http://127.0.0.1:9090/www.googleapis.com/service_accounts/v1/metadata/x509/{hand_off}
export HAND_OFF_JWKS_URL=http://127.0.0.1:9090/www.googleapis.com/service_accounts/v1/metadata/jwk/{hand_off}
export APPLICATION_ORIGIN=http://127.0.0.1:3000
export PORTICO_URL=http://localhost:8080
export PORTICO_PUSH_IDENTITY=application-push@example-project.iam.gserviceaccount.com
export PORTICO_PUSH_AUDIENCE=http://127.0.0.1:3000
export PORTICO_PUSH_KEYS_URL=http://127.0.0.1:9090/www.googleapis.com/oauth2/v1/certs
export PORTICO_PUSH_JWKS_URL=http://127.0.0.1:9090/www.googleapis.com/oauth2/v3/certs
export GCE_METADATA_HOST=127.0.0.1:9090
export GCE_METADATA_IP=127.0.0.1:9090
export GOOGLE_CLOUD_PROJECT=example-project
"
    );
    assert_eq!(said, expected);
}

#[test]
fn with_an_emulator_the_block_names_it_and_the_topic() {
    let application = own(&[
        ("APPLICATION_URL", "http://127.0.0.1:3000"),
        ("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085"),
    ]);
    let said = block(&application.environment(&addresses(), &Settings::default()));
    assert!(said.contains("export PUBSUB_EMULATOR_HOST=127.0.0.1:8085\n"));
    let topic = "projects/example-project/topics/marketplace-changes";
    assert!(said.contains(&format!("export PORTICO_TOPIC={topic}\n")));
    assert!(!said.contains("PORTICO_PUSH_"), "{said}");
}

#[test]
fn every_name_that_is_printed_is_known() {
    let url = ("APPLICATION_URL", "http://127.0.0.1:3000");
    let published = own(&[url, ("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085")]);
    let environments =
        [own(&[url]), published].map(|it| it.environment(&addresses(), &Settings::default()));
    let printed: BTreeSet<_> = environments
        .concat()
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(printed, BTreeSet::from(PRINTED));
}
