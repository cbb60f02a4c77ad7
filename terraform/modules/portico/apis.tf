# What is used, and nothing more. An API stays enabled when this is destroyed: others in the project
# may use it too.
locals {
  apis = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudcommerceprocurement.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "cloudscheduler.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
    ],
    var.budget != null ? ["billingbudgets.googleapis.com"] : [],
    local.load_balanced ? ["compute.googleapis.com"] : [],
    local.metered ? ["servicecontrol.googleapis.com", "servicemanagement.googleapis.com"] : [],
  ))
}

resource "google_project_service" "main" {
  for_each = local.apis

  project            = var.project
  service            = each.key
  disable_on_destroy = false
}

# An API that was enabled may refuse calls for some time: "it is disabled. Enable it by visiting". Each waits once, and all
# at the same time, when what needs them is first made.
resource "time_sleep" "apis" {
  for_each = toset(concat(["always"], local.load_balanced ? ["load_balancer"] : [], local.metered ? ["usage"] : []))

  create_duration = "60s"

  depends_on = [google_project_service.main]
}

# Pub/Sub's own account in this project. It exists only once somebody asks for it, and a role cannot
# be given to an account that does not exist.
resource "google_project_service_identity" "pubsub" {
  provider = google-beta

  project = var.project
  service = "pubsub.googleapis.com"

  depends_on = [time_sleep.apis]
}
