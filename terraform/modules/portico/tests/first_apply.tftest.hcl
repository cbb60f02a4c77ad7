# A first apply in a project that was empty, or has an organization's rules, does not get stuck.

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

run "what_needs_an_api_waits_and_nothing_waits_or_is_elsewhere_without_being_asked_to" {
  command = plan

  assert {
    condition     = keys(time_sleep.apis) == ["always", "load_balancer", "usage"] && alltrue([for wait in time_sleep.apis : wait.create_duration == "60s"])
    error_message = "the first calls of an API that was enabled a moment ago would be refused"
  }

  assert {
    condition = alltrue([
      for field in concat(values(google_firestore_field.expiry), values(google_firestore_field.unindexed)) : field.skip_wait
    ])
    error_message = "each field takes minutes"
  }

  assert {
    condition = (
      flatten(google_secret_manager_secret.google_client[0].replication[*].user_managed[*].replicas[*].location) == ["europe-west1"] &&
      length(google_secret_manager_secret.google_client[0].replication[0].auto) == 0 &&
      alltrue([for job in google_cloud_scheduler_job.main : job.region == "europe-west1"])
    )
    error_message = "an organization that restricts locations would refuse it"
  }

  assert {
    condition = (
      local.environment.signup.APPLICATION_SIGNUP_URL == "https://app.example.com/marketplace" &&
      local.environment.signup.APPLICATION_LOGIN_URL == "https://app.example.com/login"
    )
    error_message = "customers are led elsewhere"
  }
}

run "an_api_that_is_needed_later_is_waited_for_then" {
  command = plan

  variables {
    domain  = null
    metrics = null
  }

  assert {
    condition     = keys(time_sleep.apis) == ["always"]
    error_message = "there is nothing left to wait with"
  }
}

run "everything_is_kept_where_the_vendor_says" {
  command = plan

  variables {
    firestore_location = "europe-west3"
    message_regions    = ["europe-west3", "europe-west4"]
    region             = "europe-west4"
    scheduler_region   = "europe-west3"
    secret_locations   = ["europe-west3"]
  }

  assert {
    condition     = flatten(google_secret_manager_secret.google_client[0].replication[*].user_managed[*].replicas[*].location) == ["europe-west3"]
    error_message = "the secret is kept elsewhere"
  }

  assert {
    condition = alltrue([
      for topic in [google_pubsub_topic.changes, google_pubsub_topic.dead_letters, google_pubsub_topic.replay] :
      toset(topic.message_storage_policy[0].allowed_persistence_regions) == toset(["europe-west3", "europe-west4"])
    ])
    error_message = "messages are kept elsewhere"
  }

  assert {
    condition = (
      alltrue([for job in google_cloud_scheduler_job.main : job.region == "europe-west3"]) &&
      alltrue([for function in module.function : function.service.location == "europe-west4"]) &&
      google_firestore_database.main.location_id == "europe-west3" &&
      google_artifact_registry_repository.main.location == "europe-west4"
    )
    error_message = "something is elsewhere"
  }
}

run "what_is_no_region_is_refused" {
  command = plan

  variables {
    message_regions  = ["europe"]
    scheduler_region = "europe-west1-b"
    secret_locations = ["eu"]
  }

  expect_failures = [var.message_regions, var.scheduler_region, var.secret_locations]
}

run "the_application_s_pages_follow_from_its_address" {
  command = plan

  variables {
    application_login_url  = null
    application_signup_url = null
    application_url        = "https://app.example.com/"
  }

  assert {
    condition = (
      local.environment.signup.APPLICATION_SIGNUP_URL == "https://app.example.com/signup" &&
      local.environment.signup.APPLICATION_LOGIN_URL == "https://app.example.com/login"
    )
    error_message = "customers are led elsewhere"
  }
}

run "an_application_without_an_address_is_refused" {
  command = plan

  variables {
    application_login_url = null
  }

  expect_failures = [var.application_url]
}

run "a_workflow_without_a_key_may_be_the_operator" {
  command = plan

  variables {
    operators = ["principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github/attribute.repository/example/portico"]
  }

  assert {
    condition     = length(google_service_account_iam_member.operators) == 1
    error_message = "nobody may subscribe"
  }
}
