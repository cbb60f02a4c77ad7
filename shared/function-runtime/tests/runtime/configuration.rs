//! Configuration as a function reads it.

use function_runtime::{
    Base, Env, MapEnv, Presence, Problems, Reader, StoreSettings, Variable, google_origin, parse,
    usage, variables,
};
use marketplace::GoogleOrigin;

const AUDIENCES: Variable = Variable::required("MARKETPLACE_AUDIENCES", "accepted `aud` values");

#[derive(Debug)]
struct Config {
    base: Base,
    store: StoreSettings,
    audiences: Vec<String>,
}

fn read(env: &dyn Env) -> Result<Config, Problems> {
    let mut reader = Reader::new(env);
    let base = Base::read(&mut reader);
    let store = StoreSettings::read(&mut reader);
    let audiences = reader.required(&AUDIENCES, |text| parse::list(text, parse::word));
    reader.finish(|| {
        Some(Config {
            base: base?,
            store: store?,
            audiences: audiences?,
        })
    })
}

/// A deployment's environment.
fn deployed() -> MapEnv {
    MapEnv::from_iter([
        ("PUBLIC_URL", "https://signup.example.com"),
        ("GOOGLE_CLOUD_PROJECT", "vendor-1"),
        ("MARKETPLACE_AUDIENCES", "a.example.com,b.example.com"),
    ])
}

/// A laptop's, with every seam open.
fn local() -> MapEnv {
    deployed()
        .with("PUBLIC_URL", "http://localhost:8080")
        .with("GOOGLE_ORIGIN", "http://127.0.0.1:9000")
        .with("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8081")
}

fn problems(env: &MapEnv) -> Vec<String> {
    let problems = read(env).expect_err("problems").0;
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_deployment_is_read() {
    let config = read(&deployed().with("K_SERVICE", "signup").with("PORT", "80")).unwrap();
    assert_eq!(config.base.address().to_string(), "0.0.0.0:80");
    assert_eq!(
        config.base.public_url.origin(),
        "https://signup.example.com"
    );
    assert_eq!(config.base.google, GoogleOrigin::google());
    assert_eq!(config.audiences, ["a.example.com", "b.example.com"]);
    assert_eq!(
        config.store,
        StoreSettings::Firestore {
            project: "vendor-1".to_owned(),
            database: "(default)".to_owned(),
            emulator: None,
        }
    );
}

#[test]
fn a_laptop_may_open_every_seam_and_is_reached_from_itself_only() {
    let config = read(&local()).unwrap();
    assert_eq!(config.base.address().to_string(), "127.0.0.1:8080");
    assert!(config.base.google.is_simulated());
    let StoreSettings::Firestore { emulator, .. } = config.store else {
        panic!("not Firestore");
    };
    assert_eq!(emulator.as_deref(), Some("127.0.0.1:8081"));
    let memory = local()
        .with("LINK_STORE", "memory")
        .without("GOOGLE_CLOUD_PROJECT");
    assert_eq!(read(&memory).unwrap().store, StoreSettings::Memory);
}

#[test]
fn an_empty_environment_names_everything_that_is_missing() {
    assert_eq!(
        problems(&MapEnv::new()),
        [
            "PUBLIC_URL is not set: origin under which the function is reached, such as \
             `https://signup.example.com`",
            "GOOGLE_CLOUD_PROJECT is not set: it is needed when `LINK_STORE` is `firestore`",
            "MARKETPLACE_AUDIENCES is not set: accepted `aud` values",
        ]
    );
}

#[test]
fn every_bad_value_is_named_and_none_is_shown() {
    let bad = "hunter2 /?#";
    let env: MapEnv = [
        "PORT",
        "PUBLIC_URL",
        "LOG_LEVEL",
        "GOOGLE_ORIGIN",
        "LINK_STORE",
        "FIRESTORE_EMULATOR_HOST",
        "GOOGLE_CLOUD_PROJECT",
        "FIRESTORE_DATABASE",
        "MARKETPLACE_AUDIENCES",
    ]
    .into_iter()
    .map(|name| (name, bad))
    .collect();
    let problems = problems(&env);
    assert!(!problems.concat().contains("hunter2"), "{problems:?}");
    let named: Vec<_> = problems
        .iter()
        .map(|problem| problem.split_once(' ').unwrap().0)
        .collect();
    assert_eq!(
        named,
        [
            "PORT",
            "PUBLIC_URL",
            "LOG_LEVEL",
            "GOOGLE_ORIGIN",
            "GOOGLE_ORIGIN",
            "LINK_STORE",
            "FIRESTORE_EMULATOR_HOST",
            "FIRESTORE_EMULATOR_HOST",
            "GOOGLE_CLOUD_PROJECT",
            "FIRESTORE_DATABASE",
            "MARKETPLACE_AUDIENCES",
        ]
    );
}

#[test]
fn a_seam_is_refused_on_cloud_run_and_where_others_reach_the_function() {
    for (seam, value) in [
        ("GOOGLE_ORIGIN", "http://127.0.0.1:9000"),
        ("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8081"),
        ("LINK_STORE", "memory"),
    ] {
        let here = deployed()
            .with("PUBLIC_URL", "http://localhost:8080")
            .with(seam, value);
        assert!(read(&here).is_ok(), "{seam}");
        assert_eq!(
            problems(&here.with("K_SERVICE", "")),
            [
                "PUBLIC_URL is on localhost, where nobody reaches Cloud Run".to_owned(),
                format!("{seam} is a test seam and is not accepted on Cloud Run"),
            ]
        );
        let public = deployed().with(seam, value);
        assert_eq!(
            problems(&public),
            [format!(
                "{seam} is a test seam and needs a `PUBLIC_URL` on localhost"
            )]
        );
        assert_eq!(problems(&public.without("PUBLIC_URL")).len(), 2, "{seam}");
    }
}

#[test]
fn a_seam_leads_to_this_machine_only() {
    for host in [
        "127.0.0.1.evil.com",
        "localhost@evil.com",
        "localhost.evil.com",
        "evil.com",
        "10.0.0.1",
        "0.0.0.0",
    ] {
        let origin = local().with("GOOGLE_ORIGIN", format!("http://{host}"));
        assert_eq!(
            problems(&origin),
            ["GOOGLE_ORIGIN must be an http origin on localhost, such as http://127.0.0.1:9000"]
        );
        let emulator = local().with("FIRESTORE_EMULATOR_HOST", format!("{host}:8081"));
        assert_eq!(
            problems(&emulator),
            [
                "FIRESTORE_EMULATOR_HOST must be a host and port on localhost, such as 127.0.0.1:8081"
            ]
        );
    }
    for host in ["[::1]:9000", "127.1:9000", "localhost:9000"] {
        assert!(read(&local().with("GOOGLE_ORIGIN", format!("http://{host}"))).is_ok());
    }
}

#[test]
fn seams_are_never_deployed() {
    for seam in variables::SEAMS {
        assert!(!seam.deployed, "{}", seam.name);
        let open = matches!(
            seam.presence,
            Presence::Optional | Presence::Default("firestore")
        );
        assert!(open, "{} is closed unless it is set", seam.name);
    }
}

#[test]
fn help_shows_what_a_function_declares() {
    let help = usage("signup", "registers", &[variables::PORT, AUDIENCES]);
    for name in ["PORT", "MARKETPLACE_AUDIENCES"] {
        assert!(help.contains(name), "{help}");
    }
}

#[test]
fn a_command_has_no_public_url_and_may_open_a_seam_on_this_machine_only() {
    let read = |env: &MapEnv| {
        let mut reader = Reader::for_command(env);
        let google = google_origin(&mut reader);
        let store = StoreSettings::read(&mut reader);
        reader.finish(|| Some((google?, store?)))
    };
    let here = local().without("PUBLIC_URL");
    let (google, store) = read(&here).unwrap();
    assert!(google.is_simulated());
    assert!(matches!(
        store,
        StoreSettings::Firestore {
            emulator: Some(_),
            ..
        }
    ));
    assert_eq!(
        read(&here.clone().with("K_SERVICE", ""))
            .unwrap_err()
            .0
            .len(),
        2
    );
    let elsewhere = here.with("GOOGLE_ORIGIN", "http://203.0.113.7:9000");
    assert!(read(&elsewhere).is_err());
}
