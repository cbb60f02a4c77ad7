//! Whether the database exists, deletes what has expired, and is open to the functions.

use super::apis::FIRESTORE;
use super::cloud::Cloud;
use super::cloud_resources::{Database, Field};
use super::deployment::Deployment;
use super::finding::{Finding, or_fine};
use super::iam_policy::{Access, Policy};
use super::unreadable::ReadOption;

/// Collections whose documents end by themselves: `terraform/firestore.tf`.
const EXPIRING: [&str; 3] = ["events", "replays", "sessions"];

/// Roles that let a function read and write documents.
const WRITING: [&str; 4] = [
    "roles/datastore.user",
    "roles/datastore.owner",
    "roles/editor",
    "roles/owner",
];

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment, name: &str) -> Vec<Finding> {
    let project = &cloud.project;
    let resource = format!("v1/projects/{project}/databases/{name}");
    let database = cloud.read::<Database>(FIRESTORE, &resource).await;
    let mut found = judge(&database, name);
    if found.is_empty() {
        for collection in EXPIRING {
            let path = format!("{resource}/collectionGroups/{collection}/fields/expire_at");
            let field = cloud.read::<Field>(FIRESTORE, path).await;
            found.extend(judge_expiry(&field, collection, name));
        }
    }
    for (function, service) in &deployment.services {
        if let Ok(Some(service)) = service {
            let access = Access {
                account: &service.template.service_account,
                resource: project,
            };
            found.extend(judge_role(&deployment.policy, function, access));
        }
    }
    or_fine(
        found,
        "it is there, deletes what has expired, and lets the functions in",
    )
}

fn judge(database: &ReadOption<Database>, name: &str) -> Vec<Finding> {
    let finding = match database {
        Err(unread) => unread.finding("the database"),
        Ok(None) => Finding::problem(
            format!("there is no database {name:?}: every function answers 503"),
            "is FIRESTORE_DATABASE the right one? Else: terraform -chdir=terraform apply",
        ),
        Ok(Some(database)) if database.r#type != "FIRESTORE_NATIVE" => Finding::problem(
            format!("the database {name:?} is not in native mode, which the functions need"),
            "take a database of its own: firestore_database in terraform.tfvars, then \
             terraform -chdir=terraform apply",
        ),
        Ok(Some(_)) => return Vec::new(),
    };
    vec![finding]
}

fn judge_expiry(field: &ReadOption<Field>, collection: &str, database: &str) -> Option<Finding> {
    let state = match field {
        Err(unread) => return Some(unread.finding(&format!("the expiry of {collection}"))),
        Ok(field) => field.as_ref().and_then(|field| field.ttl_config.as_ref()),
    };
    let cause = match state.map(|config| config.state.as_str()) {
        Some("ACTIVE" | "CREATING") => return None,
        Some(_) => format!("the policy that deletes expired {collection} does not work"),
        None => format!("expired {collection} are never deleted: there is no TTL policy"),
    };
    Some(Finding::problem(
        cause,
        format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud firestore fields ttls update expire_at --collection-group={collection} \
             --database='{database}' --enable-ttl"
        ),
    ))
}

fn judge_role(policy: &ReadOption<Policy>, function: &str, access: Access<'_>) -> Option<Finding> {
    let Access {
        account,
        resource: project,
    } = access;
    match policy {
        Err(unread) => Some(unread.finding(&format!("whether {function} may use the database"))),
        Ok(Some(policy)) if policy.grants(account, &WRITING) => None,
        Ok(_) => Some(Finding::problem(
            format!("{function} lacks the role roles/datastore.user: it answers 503"),
            format!(
                "terraform -chdir=terraform apply, or:\n\
                 gcloud projects add-iam-policy-binding {project} \
                 --member=serviceAccount:{account} --role=roles/datastore.user"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::super::unreadable::Unread;
    use super::*;

    fn text(found: impl IntoIterator<Item = Finding>) -> String {
        match found.into_iter().next() {
            None => String::new(),
            Some(Finding::Problem(advice)) => advice.cause,
            Some(_) => "unknown".to_owned(),
        }
    }

    #[test]
    fn the_database_is_there_and_native() {
        let of = |kind: &str| {
            judge(
                &Ok(Some(Database {
                    r#type: kind.to_owned(),
                })),
                "portico",
            )
        };
        assert_eq!(of("FIRESTORE_NATIVE"), []);
        assert!(text(of("DATASTORE_MODE")).contains("native mode"));
        assert!(text(judge(&Ok(None), "portico")).contains("no database \"portico\""));
        assert_eq!(
            text(judge(&Err(Unread::NoCredentials), "portico")),
            "unknown"
        );
    }

    #[test]
    fn what_has_expired_is_deleted() {
        let of = |field: Value| {
            let field = Ok(Some(from_value(field).unwrap()));
            text(judge_expiry(&field, "sessions", "portico"))
        };
        assert_eq!(of(json!({"ttlConfig": {"state": "ACTIVE"}})), "");
        assert_eq!(of(json!({"ttlConfig": {"state": "CREATING"}})), "");
        assert!(of(json!({"ttlConfig": {"state": "NEEDS_REPAIR"}})).contains("does not work"));
        assert!(of(json!({"indexConfig": {}})).contains("never deleted"));
        assert!(text(judge_expiry(&Ok(None), "events", "portico")).contains("never deleted"));
        let unread = Err(Unread::NoCredentials);
        assert_eq!(text(judge_expiry(&unread, "events", "portico")), "unknown");
    }

    #[test]
    fn functions_are_let_in() {
        let policy = |member: &str| {
            let bindings = json!([{"role": "roles/datastore.user", "members": [member]}]);
            Ok(Some(from_value(json!({ "bindings": bindings })).unwrap()))
        };
        let access = Access {
            account: "f@p",
            resource: "p",
        };
        let of = |policy: &ReadOption<Policy>| text(judge_role(policy, "signup", access));
        assert_eq!(of(&policy("serviceAccount:f@p")), "");
        assert!(of(&policy("serviceAccount:g@p")).contains("lacks the role"));
        assert_eq!(of(&Err(Unread::NoCredentials)), "unknown");
    }
}
