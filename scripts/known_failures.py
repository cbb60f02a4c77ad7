"""What is known of failures of Terraform's: explain-failure.py reads it, and is what is run."""

import dataclasses

AGAIN = "Wait a minute or two, and run it again."


@dataclasses.dataclass
class Known:
    """A failure: the words by which it is known, what it is, and the commands. Names in braces are groups of the words."""

    words: str
    meaning: str
    commands: tuple[str, ...] = ()


SERVICE = r"Error waiting (?:to create|for Creating) Service"

# The first that fits is it, so what is special stands before what is general.
FAILURES = [
    Known(
        r"cannot destroy service without setting deletion_protection",
        "An earlier apply made this service, and it did not become ready. So Terraform's state calls it tainted, and Terraform "
        "wants to make it again, which its protection forbids. Changing the variable does not help; taking the mark away does.",
        ("{untaint}",),
    ),
    Known(
        r"When applying changes to (?P<at>\S*google_firestore_database\S*), .*Root object was present, but now absent",
        "The database was made; Terraform asked for it a moment too early and did not write it down. This is a defect of "
        "Google's provider. Write it into the state.",
        ("{import_database}",),
    ),
    Known(
        r"Root object was present, but now absent",
        "It was made; Terraform asked for it a moment too early and did not write it down. " + AGAIN,
    ),
    Known(
        r"409: Database already exists",
        "There is a database of this name: from an earlier apply that did not write it into the state, or of somebody else. "
        "If it is Portico's, import it; else choose another name by firestore_database. A deleted name is free again after "
        "some minutes.",
        ("gcloud firestore databases list --project={project}", "{import_database}"),
    ),
    Known(
        r"Secret (?:projects/(?P<owner>[^/\s]+)/secrets/)?(?P<secret>[\w-]+)/versions/(?P<version>\w+) was not found",
        "The service reads a version of a secret that has none yet. Add the value; then the service is repaired in place.",
        ("gcloud secrets versions add {secret} --data-file=- --project={owner}", "{untaint}"),
    ),
    Known(
        r"Permission denied on secret: projects/(?P<owner>[^/\s]+)/secrets/(?P<secret>[\w-]+)/",
        "The service's right to read its secret was given a moment ago and has not spread. " + AGAIN,
        ("{untaint}",),
    ),
    Known(
        SERVICE + r".*?Image '(?P<image>\S+?)' not found",
        "The image is not in the registry: it was never pushed there, or was cleaned away.",
        ("gcloud artifacts docker images describe {image}", "{untaint}", "scripts/deploy.sh"),
    ),
    Known(
        SERVICE + r".*?(?:artifactregistry\.repositories\.downloadArtifacts|Container import failed|must have permission to read the image)",
        "Cloud Run could not read the image. In a repository that was made a moment ago this passes. Else Cloud Run's service "
        "agent needs the role roles/artifactregistry.reader on the repository, and so do you.",
        ("gcloud artifacts repositories list --project={project}", "{untaint}"),
    ),
    Known(
        r"Expected an image path like",
        "Cloud Run takes images from Artifact Registry and Docker Hub only. Another registry is reached through a remote "
        "repository: leave `images` out, or name images of your own registry.",
        ("{untaint}",),
    ),
    Known(
        SERVICE + r".*?failed to start and listen on the port",
        "The program did not begin to answer. Exit code 64 in its log is a variable that it refuses; the log names it.",
        (
            "gcloud logging read 'resource.type=\"cloud_run_revision\" severity>=WARNING' --freshness=1h --limit=20 --project={project}",
            "{untaint}",
        ),
    ),
    Known(
        r"(?P<api>[\w-]+\.googleapis\.com) API requires a quota project",
        "Your credentials (application default) name no project whose quota is used. Google's provider does not read the one "
        "that gcloud stores; these variables are what it reads.",
        (
            "export USER_PROJECT_OVERRIDE=true GOOGLE_BILLING_PROJECT={project}",
            "gcloud services enable {api} --project={project}",
        ),
    ),
    Known(
        r"does not have required permission to use project (?P<number>[\w-]+)\.",
        "You may not use the project's quota. An owner of the project gives you the role.",
        (
            "gcloud projects add-iam-policy-binding {number} --member=user:YOU --role=roles/serviceusage.serviceUsageConsumer",
        ),
    ),
    Known(
        r"has not been used in project (?P<number>[\w-]+) before or it is disabled\. Enable it by visiting "
        r"\S+/apis?/(?:api/)?(?P<api>[\w.-]+\.googleapis\.com)",
        "An API is not enabled, or was enabled a moment ago: on a new project that takes up to ten minutes. The command does "
        "no harm where it is enabled. Then run it again.",
        ("gcloud services enable {api} --project={number}",),
    ),
    Known(
        r"do not belong to a permitted customer|constraints/iam\.(?:managed\.)?allowedPolicyMember",
        "An organization policy forbids rights for accounts of other organizations. terraform/README.md, \"Before the first "
        "apply\", says which variable answers it.",
        (
            "gcloud org-policies describe iam.allowedPolicyMemberDomains --effective --project={project}",
            "gcloud org-policies describe iam.managed.allowedPolicyMembers --effective --project={project}",
        ),
    ),
    Known(
        r"constraints/(?P<constraint>[\w.]+\w)",
        "An organization policy forbids this. terraform/README.md, \"Before the first apply\", says which variable answers it.",
        ("gcloud org-policies describe {constraint} --effective --project={project}",),
    ),
    Known(
        r"role_id \(\w+\) which has been marked for deletion",
        "A role of this name was deleted more than seven days ago: Google can neither give it back nor make another one for up "
        "to thirty days more. Take another `prefix`, or wait.",
    ),
    Known(
        r"Custom project role (?P<role>projects/\S+/roles/\w+) already exists and must be imported",
        "The role is there, from a deployment whose state is another or is lost.",
        ("{terraform} import {at} {role}",),
    ),
    Known(
        r"Cloud Run Service Agent does not have permission to get access tokens",
        "Cloud Run's own service account was made a moment ago, and its rights have not spread. " + AGAIN,
    ),
    Known(
        r"iam\.serviceAccounts\.getAccessToken",
        "Whoever applies may not act as the service account that subscribes: they are not among `operators`, or were added a "
        "moment ago. Add them, and apply; after a minute, apply again.",
    ),
    Known(
        r"Service account (?P<account>\S+@\S+?)\.? does not exist|Error reading service account after creation",
        "A service account was made a moment ago, and not every part of Google knows it. " + AGAIN,
    ),
    Known(
        r"Cannot find metric\(s\) that match type",
        "An alert needs a metric that Google does not show yet. It takes up to ten minutes. Then run it again.",
    ),
    Known(
        r"Please retry, underlying data changed|ABORTED.*(?:index|field)",
        "Firestore changes one field at a time. Nothing is lost. " + AGAIN,
    ),
    Known(
        r"Error acquiring the state lock.*?ID: (?P<lock>[\w-]+)",
        "Somebody else applies at this moment, or a run was killed. If nobody does, take the lock away.",
        ("{terraform} force-unlock {lock}",),
    ),
    Known(
        r"Error (?:creating|editing) Subscription.*403",
        "The account that subscribes is not linked in Producer Portal, or was linked a moment ago. No IAM role on your side "
        "can help: link the accounts of the output service_accounts_to_link.",
    ),
    Known(
        SERVICE,
        "The service was made and did not become ready. Terraform's state calls it tainted: take the mark away, so that it is "
        "repaired in place.",
        ("{untaint}",),
    ),
]
