# How events come: the Marketplace's, replayed ones and scheduled calls.

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

run "everybody_agrees_on_the_audience_of_identity_tokens" {
  assert {
    condition = toset(concat(
      [for variable in module.function["procurement-events"].service.template[0].containers[0].env : variable.value if variable.name == "IDENTITY_AUDIENCE"],
      [for subscription in concat(module.marketplace, module.replay) : subscription.subscription.push_config[0].oidc_token[0].audience],
      [for job in google_cloud_scheduler_job.main : job.http_target[0].oidc_token[0].audience if endswith(job.http_target[0].uri, "/reconcile")],
    )) == toset(["https://portico-procurement-events-123456789012.europe-west1.run.app"])
    error_message = "a caller's token would be refused"
  }
}

run "everybody_agrees_on_who_calls" {
  assert {
    condition = toset(concat(
      [split("=", local.environment["procurement-events"].PUSH_IDENTITY)[0]],
      [for subscription in concat(module.marketplace, module.replay) : subscription.subscription.push_config[0].oidc_token[0].service_account_email],
    )) == toset(["portico-push@vendor-marketplace.iam.gserviceaccount.com"])
    error_message = "the subscription calls as somebody else than the function expects"
  }

  assert {
    condition = toset(concat(
      [for name in ["procurement-events", "usage-report"] : split("=", local.environment[name].SCHEDULER_IDENTITY)[0]],
      [for job in google_cloud_scheduler_job.main : job.http_target[0].oidc_token[0].service_account_email],
    )) == toset(["portico-scheduler@vendor-marketplace.iam.gserviceaccount.com"])
    error_message = "the scheduler calls as somebody else than the function expects"
  }
}

run "whoever_is_made_again_at_a_caller_s_address_is_not_that_caller" {
  assert {
    condition = (
      local.environment["procurement-events"].PUSH_IDENTITY == "${google_service_account.push.email}=112233445566778899001" &&
      alltrue([
        for name in ["procurement-events", "usage-report"] :
        local.environment[name].SCHEDULER_IDENTITY == "${google_service_account.scheduler.email}=112233445566778899002"
      ])
    )
    error_message = "a caller is known by its e-mail address alone"
  }
}

run "calls_go_to_cloud_run_s_own_address_which_internal_ingress_requires" {
  assert {
    condition = toset(concat(
      [for subscription in concat(module.marketplace, module.replay) : subscription.subscription.push_config[0].push_endpoint],
      [for job in google_cloud_scheduler_job.main : job.http_target[0].uri],
      )) == toset([
      "https://portico-procurement-events-123456789012.europe-west1.run.app/events",
      "https://portico-procurement-events-123456789012.europe-west1.run.app/reconcile",
      "https://portico-usage-report-123456789012.europe-west1.run.app/report",
    ])
    error_message = "a call goes elsewhere"
  }
}

run "events_are_delivered_patiently_and_never_dropped" {
  assert {
    condition = alltrue([
      for subscription in concat(module.marketplace, module.replay)[*].subscription :
      subscription.ack_deadline_seconds == 60 &&
      subscription.retry_policy[0].minimum_backoff == "10s" &&
      subscription.retry_policy[0].maximum_backoff == "600s" &&
      subscription.dead_letter_policy[0].max_delivery_attempts == 100 &&
      subscription.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.dead_letters.id &&
      subscription.expiration_policy[0].ttl == ""
    ])
    error_message = "a subscription gives up too early"
  }
}

run "dead_letters_are_kept_for_31_days" {
  assert {
    condition = (
      google_pubsub_subscription.dead_letters.message_retention_duration == "2678400s" &&
      google_pubsub_subscription.dead_letters.expiration_policy[0].ttl == ""
    )
    error_message = "dead letters are lost too early"
  }

  assert {
    condition = toset(concat(
      [google_pubsub_topic_iam_member.dead_letters.member],
      google_pubsub_subscription_iam_member.marketplace[*].member,
      google_pubsub_subscription_iam_member.replay[*].member,
    )) == toset(["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"])
    error_message = "Pub/Sub may not put dead letters aside"
  }
}

run "the_subscription_is_to_the_marketplace_s_topic" {
  assert {
    condition     = module.marketplace[0].subscription.topic == "projects/cloudcommerceproc-prod/topics/example-partner" && output.marketplace_subscription != null
    error_message = "events are taken from another topic"
  }

  assert {
    condition     = local.subscriber_email == google_service_account.subscriber.email
    error_message = "the subscription is made by an account that is not the one to be linked"
  }
}

run "until_the_accounts_are_linked_there_is_no_subscription" {
  variables {
    marketplace_topic = null
  }

  assert {
    condition     = length(module.marketplace) == 0 && output.marketplace_subscription == null && length(module.replay) == 1
    error_message = "a subscription is tried too early"
  }
}

run "a_round_of_reconciliation_has_time_within_an_hour" {
  assert {
    condition     = google_cloud_scheduler_job.main["reconcile"].schedule == "*/15 * * * *" && google_cloud_scheduler_job.main["reconcile"].attempt_deadline == "30s"
    error_message = "reconciliation is called too seldom, or cut off"
  }
}
