//! The variables that functions share.

#![expect(
    missing_docs,
    reason = "each variable says what it means in its own declaration"
)]

use super::Variable;

pub use super::test_seams::SEAMS;

pub const PORT: Variable =
    Variable::with_default("PORT", "listen port, set by Cloud Run itself", "8080").not_deployed();

pub const PUBLIC_URL: Variable = Variable::required(
    "PUBLIC_URL",
    "origin under which the function is reached, such as `https://signup.example.com`",
);

pub const PRODUCTS: Variable = Variable::required(
    "PRODUCTS",
    "product ids this deployment serves, comma-separated: orders of others are not taken up, and taking one out \
     ends no access",
);

pub const LOG_LEVEL: Variable = Variable::with_default(
    "LOG_LEVEL",
    "how much is logged: `error`, `warn`, `info` or `debug`",
    "info",
);

pub const GOOGLE_CLOUD_PROJECT: Variable = Variable::conditional(
    "GOOGLE_CLOUD_PROJECT",
    "project that holds the links; log lines name it for their traces",
    "`LINK_STORE` is `firestore`",
);

pub const FIRESTORE_DATABASE: Variable = Variable::with_default(
    "FIRESTORE_DATABASE",
    "Firestore database that holds the links",
    "(default)",
);

pub const LINK_STORE: Variable = Variable::with_default(
    "LINK_STORE",
    "where the links are: `firestore`, or the test seam `memory`",
    "firestore",
)
.not_deployed();

pub const FIRESTORE_EMULATOR_HOST: Variable = Variable::optional(
    "FIRESTORE_EMULATOR_HOST",
    "test seam: host and port of a Firestore emulator on localhost",
)
.not_deployed();

pub const GOOGLE_ORIGIN: Variable = Variable::optional(
    "GOOGLE_ORIGIN",
    "test seam: origin on localhost that serves `https://HOST/PATH` as `/HOST/PATH`",
)
.not_deployed();
