//! Whether the database exists, deletes what has expired, and is open to the functions.

use super::apis::FIRESTORE;
use super::cloud::Cloud;
use super::cloud_resources::{Database, Field};
use super::deployment::Deployment;
use super::finding::{Finding, or_fine};
use super::iam_policy::Access;
use super::unreadable::ReadOption;

/// Collections whose documents end by themselves: `terraform/modules/portico/firestore.tf`.
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
                kind: "projects",
                roles: &WRITING,
            };
            found.extend(access.judge(
                &[&deployment.policy],
                &format!("whether {function} may use the database"),
                format!("{function} lacks the role roles/datastore.user: it answers 503"),
            ));
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

#[cfg(test)]
mod tests {
    use serde_json::from_str;

    use super::super::finding::tests::{assert_cause, cause};
    use super::super::iam_policy::tests::policy;
    use super::super::unreadable::Unread;
    use super::*;

    #[test]
    fn the_database_is_there_and_native() {
        let of = |kind: &str| {
            let r#type = kind.to_owned();
            judge(&Ok(Some(Database { r#type })), "portico")
        };
        assert_eq!(of("FIRESTORE_NATIVE"), []);
        assert_cause(of("DATASTORE_MODE"), "native mode");
        assert_cause(judge(&Ok(None), "portico"), "no database \"portico\"");
        let unread = Err(Unread::NoCredentials);
        assert_eq!(cause(judge(&unread, "portico")), "unknown");
    }

    #[test]
    fn what_has_expired_is_deleted() {
        for (field, part) in [
            (r#"{"ttlConfig": {"state": "ACTIVE"}}"#, ""),
            (r#"{"ttlConfig": {"state": "CREATING"}}"#, ""),
            (
                r#"{"ttlConfig": {"state": "NEEDS_REPAIR"}}"#,
                "does not work",
            ),
            (r#"{"indexConfig": {}}"#, "never deleted"),
        ] {
            let field = Ok(Some(from_str(field).unwrap()));
            assert_cause(judge_expiry(&field, "sessions", "portico"), part);
        }
        assert_cause(
            judge_expiry(&Ok(None), "events", "portico"),
            "never deleted",
        );
        let unread = Err(Unread::NoCredentials);
        assert_eq!(cause(judge_expiry(&unread, "events", "portico")), "unknown");
    }

    #[test]
    fn functions_are_let_in() {
        let access = Access {
            account: "f@p",
            resource: "p",
            kind: "projects",
            roles: &WRITING,
        };
        for (policy, part) in [
            (Ok(Some(policy("roles/datastore.user"))), ""),
            (Ok(Some(policy("roles/viewer"))), "lacks the role"),
            (Err(Unread::NoCredentials), "unknown"),
        ] {
            assert_cause(access.judge(&[&policy], "q", "it lacks the role"), part);
        }
    }
}
