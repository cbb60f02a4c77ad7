variable "labels" {
  description = "Labels of the subscription."
  type        = map(string)
  nullable    = false
}

variable "name" {
  description = "Name of the subscription."
  type        = string
  nullable    = false
}

variable "push" {
  description = "Where messages go: the endpoint's URL, the audience and the service account of the identity tokens, and the topic for what cannot be delivered."
  type = object({
    endpoint           = string
    audience           = string
    identity           = string
    dead_letters_topic = string
  })
  nullable = false
}

variable "topic" {
  description = "Topic it is attached to, such as projects/PROJECT/topics/TOPIC; it may be in another project."
  type        = string
  nullable    = false
}
