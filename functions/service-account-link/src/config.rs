//! The settings of service account links.

use function_runtime::{
    Base, Env, Expected, Problems, Reader, StoreSettings, Variable, parse, variables as shared,
};
use marketplace::service_account_page::{
    ConsoleHost, GrantableRoles, RedirectDomain, Registration, ServiceName,
};
use marketplace::{Products, ServiceAccountEmail};
use verification::{AcceptedEmails, Audiences};

/// Everything this function reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where the links are.
    pub store: StoreSettings,
    /// Read from `IDENTITY_AUDIENCE`.
    pub audience: Audiences,
    /// Read from `CALLERS`.
    pub callers: AcceptedEmails,
    /// Read from `PRODUCTS`. Every stored order counts for access, also one of another product.
    pub products: Products,
    /// Read from `SERVICE_ACCOUNT_PROJECT`: not the deployment's own, unless `SERVICE_ACCOUNT_PROJECT_SHARED` says so.
    pub project: String,
    /// Read from `SERVICE_NAME`, `SERVICE_ACCOUNT_ROLES`, `REDIRECT_DOMAINS` and `CONSOLE_HOST`.
    pub registration: Registration,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = StoreSettings::read(&mut reader);
        let audience = callers::audience(&mut reader);
        let callers = reader.required(&CALLERS, callers::emails);
        let products = reader.required(&shared::PRODUCTS, parse::products);
        let project = customers_project(&mut reader, store.as_ref());
        let registration = registration(&mut reader, base.as_ref());
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                audience: audience?,
                callers: callers?,
                products: products?,
                project: project?,
                registration: registration?,
            })
        })
    }
}

const CALLERS: Variable = Variable::required(
    "CALLERS",
    "service accounts as which the vendor's application may call, comma-separated: each its e-mail, or `EMAIL=UNIQUE_ID`",
);

const SERVICE_ACCOUNT_PROJECT: Variable = Variable::required(
    "SERVICE_ACCOUNT_PROJECT",
    "project in which the customers' service accounts are created, as registered; not the deployment's own",
);

const SERVICE_ACCOUNT_PROJECT_SHARED: Variable = Variable::with_default(
    "SERVICE_ACCOUNT_PROJECT_SHARED",
    "`accepted` lets customers' service accounts be in the deployment's own project, for a deployment that already has \
     them there; `refused` does not",
    "refused",
);

const SERVICE_NAME: Variable = Variable::required(
    "SERVICE_NAME",
    "the registered service name, such as product.endpoints.example-partner.cloud.goog",
);

const SERVICE_ACCOUNT_ROLES: Variable = Variable::required(
    "SERVICE_ACCOUNT_ROLES",
    "registered roles, comma-separated and without `roles/`: those that a `filter` may name",
);

const REDIRECT_DOMAINS: Variable = Variable::optional(
    "REDIRECT_DOMAINS",
    "registered hosts of `redirect`, comma-separated; `*.example.com` for all below example.com; \
     without it there is no `redirect`",
);

const CONSOLE_HOST: Variable = Variable::with_default(
    "CONSOLE_HOST",
    "host of Google's page: `console.cloud.google.com` or `console.google.com`, which Google's \
     documents both name",
    "console.cloud.google.com",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    [
        shared::PORT,
        shared::PUBLIC_URL,
        callers::IDENTITY_AUDIENCE,
        CALLERS,
        shared::PRODUCTS,
        SERVICE_ACCOUNT_PROJECT,
        SERVICE_ACCOUNT_PROJECT_SHARED,
        SERVICE_NAME,
        SERVICE_ACCOUNT_ROLES,
        REDIRECT_DOMAINS,
        CONSOLE_HOST,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};

fn registration(reader: &mut Reader<'_>, base: Option<&Base>) -> Option<Registration> {
    let service = reader.required(&SERVICE_NAME, |text| {
        ServiceName::parse(text).ok_or("the registered service name, in lower case".into())
    });
    let roles = reader.required(&SERVICE_ACCOUNT_ROLES, roles);
    let domains = reader.optional(&REDIRECT_DOMAINS, domains);
    let host = reader.required(&CONSOLE_HOST, |text| {
        let hosts = &["console.cloud.google.com", "console.google.com"];
        parse::one_of(text, hosts, ConsoleHost::ALL)
    });
    let domains = domains?.unwrap_or_default();
    let is_local = |domain: &RedirectDomain| matches!(domain, RedirectDomain::ThisMachine(_));
    // Where it cannot be told, something else is reported.
    let is_simulated = base.is_none_or(|base| base.google.is_simulated());
    if domains.iter().any(is_local) && !is_simulated {
        reader.refuse(
            &REDIRECT_DOMAINS,
            "has an address of this machine, which is only for tests with a `GOOGLE_ORIGIN`",
        );
    }
    Some(Registration::new(service?, roles?, domains).at(host?))
}

/// What is said of the deployment's own project as the customers' one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shared {
    Refused,
    Accepted,
}

/// Who may create service accounts in a project can create one there at the address of any that was deleted, also of
/// one that the deployment trusts; and customers would use up the quota of its own accounts.
fn customers_project(reader: &mut Reader<'_>, store: Option<&StoreSettings>) -> Option<String> {
    let project = reader.required(&SERVICE_ACCOUNT_PROJECT, project);
    let shared = reader.required(&SERVICE_ACCOUNT_PROJECT_SHARED, |text| {
        let answers = [Shared::Refused, Shared::Accepted];
        parse::one_of(text, &["refused", "accepted"], answers)
    });
    let own = match store {
        Some(StoreSettings::Firestore { project, .. }) => Some(project),
        Some(StoreSettings::Memory) | None => None,
    };
    if project.is_some() && project.as_ref() == own && shared == Some(Shared::Refused) {
        reader.refuse(
            &SERVICE_ACCOUNT_PROJECT,
            "is the deployment's own project: use one that holds nothing else; a deployment whose customers have their \
             accounts there already keeps it with `SERVICE_ACCOUNT_PROJECT_SHARED=accepted`",
        );
    }
    shared?;
    project
}

/// A project whose accounts have addresses that we can name.
fn project(text: &str) -> Result<String, Expected> {
    let project = parse::project(text)?;
    match ServiceAccountEmail::of("account", &project) {
        Ok(_) => Ok(project),
        Err(_) => Err("a Google Cloud project id, such as vendor-customers".into()),
    }
}

fn roles(text: &str) -> Result<GrantableRoles, Expected> {
    let expected = "names of at most 40 different predefined roles without `roles/`, \
                    comma-separated, such as bigquery.dataViewer";
    let roles = parse::list(text, parse::word)?;
    GrantableRoles::parse(roles).ok_or(expected.into())
}

fn domains(text: &str) -> Result<Vec<RedirectDomain>, Expected> {
    let expected = "host names in lower case, comma-separated, such as app.example.com or \
                    *.example.com";
    parse::list(text, |text| {
        RedirectDomain::parse(text).ok_or(expected.into())
    })
}
