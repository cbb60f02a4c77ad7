# What is pushed to procurement-events: the Marketplace's events, and dead letters once more.

locals {
  events_deployed = contains(keys(local.deployed), "procurement-events")

  push = {
    endpoint           = "${local.run_urls["procurement-events"]}/events"
    audience           = local.identity_audiences["procurement-events"]
    identity           = google_service_account.push.email
    dead_letters_topic = google_pubsub_topic.dead_letters.id
  }
}

# A right may be refused for a minute after it was given. These are all given when the foundation is laid.
resource "time_sleep" "subscriber" {
  create_duration = "60s"

  depends_on = [
    google_project_iam_member.subscribe,
    google_service_account_iam_member.operators,
    google_service_account_iam_member.push_as,
  ]
}

module "marketplace" {
  source    = "./modules/push_subscription"
  count     = local.events_deployed && var.marketplace_topic != null ? 1 : 0
  providers = { google = google.marketplace }

  name   = "${local.name}-marketplace"
  labels = local.labels
  topic  = var.marketplace_topic
  push   = local.push

  depends_on = [
    google_pubsub_topic_iam_member.dead_letters,
    module.function,
    time_sleep.subscriber,
  ]
}

module "replay" {
  source = "./modules/push_subscription"
  count  = local.events_deployed ? 1 : 0

  name   = "${local.name}-replay"
  labels = local.labels
  topic  = google_pubsub_topic.replay.id
  push   = local.push

  depends_on = [google_pubsub_topic_iam_member.dead_letters, module.function]
}

# Pub/Sub takes a message from the subscription when it puts it among the dead letters.
resource "google_pubsub_subscription_iam_member" "marketplace" {
  count = length(module.marketplace)

  subscription = module.marketplace[0].name
  role         = "roles/pubsub.subscriber"
  member       = google_project_service_identity.pubsub.member
}

resource "google_pubsub_subscription_iam_member" "replay" {
  count = length(module.replay)

  subscription = module.replay[0].name
  role         = "roles/pubsub.subscriber"
  member       = google_project_service_identity.pubsub.member
}
