# The images that a release published. Cloud Run takes images from few registries: a remote repository of the project's own
# hands on, by digest, what is in the publisher's.

locals {
  # Written by a release, and by nothing else.
  release_file = "${path.module}/release.json"
  of_this      = fileexists(local.release_file) ? jsondecode(file(local.release_file)) : null

  release_registry = try(var.release.registry, local.of_this.registry, null)
  release_digests  = try(tomap(var.release.digests), tomap(local.of_this.digests), {})
  release_host     = try(split("/", local.release_registry)[0], null)
  release_path     = try(trimprefix(local.release_registry, "${local.release_host}/"), null)

  # With Google sign-in the client comes first, whose addresses the first apply says.
  deployable = var.google_sign_in == "off" || (var.google_client_id != null && var.google_client_secret_version != null)

  released_images = {
    for name, digest in local.release_digests :
    name => "${var.region}-docker.pkg.dev/${var.project}/${local.name}-releases/${local.release_path}/${name}@${digest}" if local.deployable
  }

  images = merge(local.released_images, var.images)
}

resource "google_artifact_registry_repository" "releases" {
  count = local.release_registry == null ? 0 : 1

  repository_id = "${local.name}-releases"
  location      = var.region
  format        = "DOCKER"
  mode          = "REMOTE_REPOSITORY"
  description   = "Released images, from ${local.release_registry}"
  labels        = local.labels

  # What is deleted here and still runs, or is rolled back to, is taken from the publisher again.
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      tag_state  = "ANY"
      older_than = "${30 * 24 * 3600}s"
    }
  }

  # The publisher's registry refuses whoever looks at it without asking for an image.
  remote_repository_config {
    disable_upstream_validation = true

    common_repository {
      uri = "https://${local.release_host}"
    }
  }

  depends_on = [time_sleep.apis]
}

# A repository may answer "not found" for some seconds after it was made.
resource "time_sleep" "releases" {
  count = length(google_artifact_registry_repository.releases)

  create_duration = "30s"

  depends_on = [google_artifact_registry_repository.releases]
}
