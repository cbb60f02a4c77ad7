# Images that a release published, without building any.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

variables {
  images = {}
  release = {
    registry = "ghcr.io/example/portico"
    digests = {
      procurement-events   = "sha256:4444444444444444444444444444444444444444444444444444444444444444"
      service-account-link = "sha256:3333333333333333333333333333333333333333333333333333333333333333"
      signup               = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
      sso-login            = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
      usage-report         = "sha256:5555555555555555555555555555555555555555555555555555555555555555"
    }
  }
}

run "released_images_run_by_digest_through_a_repository_of_the_project_s_own" {
  assert {
    condition     = output.functions["signup"].image == "europe-west1-docker.pkg.dev/vendor-marketplace/portico-releases/example/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    error_message = "Cloud Run would refuse the image, or run another"
  }

  assert {
    condition     = alltrue([for function in output.functions : function.deployed])
    error_message = "a function is left out"
  }

  assert {
    condition = (
      google_artifact_registry_repository.releases[0].mode == "REMOTE_REPOSITORY" &&
      google_artifact_registry_repository.releases[0].remote_repository_config[0].common_repository[0].uri == "https://ghcr.io" &&
      google_artifact_registry_repository.releases[0].location == "europe-west1"
    )
    error_message = "images are taken from elsewhere"
  }
}

run "images_of_your_own_take_the_place_of_released_ones" {
  command = plan

  variables {
    images = { signup = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:6666666666666666666666666666666666666666666666666666666666666666" }
  }

  assert {
    condition     = local.images["signup"] == var.images["signup"]
    error_message = "the image that was built is not deployed"
  }

  assert {
    condition     = strcontains(local.images["sso-login"], "/portico-releases/example/portico/")
    error_message = "the other functions are not deployed"
  }
}

run "with_google_sign_in_the_first_apply_says_the_client_s_addresses_and_deploys_nothing" {
  command = plan

  variables {
    google_client_id             = null
    google_client_secret_version = null
  }

  assert {
    condition     = length(local.images) == 0 && length(output.google_sign_in_redirect_uris) == 2
    error_message = "functions would start without their client"
  }
}

run "without_google_sign_in_they_are_deployed_at_once" {
  command = plan

  variables {
    google_sign_in               = "off"
    google_client_id             = null
    google_client_secret_version = null
  }

  assert {
    condition     = length(local.images) == 5
    error_message = "a second apply is needed for nothing"
  }
}

run "where_nothing_is_released_there_is_no_second_registry" {
  command = plan

  variables {
    release = null
  }

  assert {
    condition     = length(google_artifact_registry_repository.releases) == 0 && length(local.images) == 0
    error_message = "there is a registry for nothing"
  }
}

run "a_release_by_tag_or_of_another_function_is_refused" {
  command = plan

  variables {
    release = { registry = "https://ghcr.io/example", digests = { sign-up = "latest" } }
  }

  expect_failures = [var.release]
}
