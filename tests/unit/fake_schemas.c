#include "fake_aws.h"

static const char types[] =
	"{\"AWS::Toy::Box\":{\"id\":[\"Name\"],\"tags\":\"Tags\",\"stateful\":false,\"properties\":{"
	"\"Name\":{\"type\":\"string\",\"create_only\":true},\"Size\":{\"type\":\"integer\"},"
	"\"Color\":{\"type\":\"string\",\"create_only\":true},\"Password\":{\"type\":\"string\"},"
	"\"Arn\":{\"type\":\"string\",\"read_only\":true},"
	"\"Tags\":{\"type\":\"list\",\"of\":{\"type\":\"object\",\"ref\":\"Tag\"}}},"
	"\"definitions\":{\"Tag\":{\"Key\":{\"type\":\"string\"},\"Value\":{\"type\":\"string\"}}}},\n"
	"\"AWS::Toy::Crate\":{\"id\":[\"CrateId\"],\"properties\":{"
	"\"CrateId\":{\"type\":\"string\",\"read_only\":true},"
	"\"BoxName\":{\"type\":\"string\",\"create_only\":true,\"required\":true},"
	"\"Description\":{\"type\":\"string\"},\"Note\":{\"type\":\"string\"}}},\n"
	"\"AWS::Toy::Label\":{\"id\":[\"Name\"],\"tags\":\"Tags\",\"properties\":{"
	"\"Name\":{\"type\":\"string\",\"create_only\":true},\"Text\":{\"type\":\"string\"},"
	"\"Tags\":{\"type\":\"list\",\"of\":{\"type\":\"object\",\"ref\":\"Tag\"}}},"
	"\"definitions\":{\"Tag\":{\"Key\":{\"type\":\"string\"},\"Value\":{\"type\":\"string\"}}}}}\n";

#define OPERATION(name, in, out) \
	"\"" name "\":{\"input\":{\"shape\":\"" in "\"},\"output\":{\"shape\":\"" out "\"}," \
	"\"errors\":[{\"shape\":\"NotFoundException\"}]}"

static const char wire[] =
	"{\"metadata\":{\"apiVersion\":\"2020-01-01\",\"endpointPrefix\":\"toy\",\"jsonVersion\":\"1.0\","
	"\"protocol\":\"json\",\"serviceId\":\"Toy\",\"targetPrefix\":\"Toy\"},\"operations\":{"
	OPERATION("CreateBox", "Box", "Box") "," OPERATION("DescribeBox", "Box", "Box") ","
	OPERATION("UpdateBox", "Box", "Box") "," OPERATION("DeleteBox", "Box", "None") ","
	OPERATION("CreateCrate", "Crate", "Crate") "," OPERATION("DescribeCrate", "Crate", "Crate") ","
	OPERATION("UpdateCrate", "Crate", "Crate") "," OPERATION("DeleteCrate", "Crate", "None") ","
	OPERATION("ListCrates", "Crate", "Crates") ","
	OPERATION("PutLabel", "Label", "Label") "," OPERATION("DescribeLabel", "Label", "Label") ","
	OPERATION("DeleteLabel", "Label", "None")
	"},\"shapes\":{\"Text\":{\"type\":\"string\"},\"Number\":{\"type\":\"integer\"},"
	"\"Tag\":{\"type\":\"structure\",\"members\":{\"Key\":{\"shape\":\"Text\"},"
	"\"Value\":{\"shape\":\"Text\"}}},\"Tags\":{\"type\":\"list\",\"member\":{\"shape\":\"Tag\"}},"
	"\"None\":{\"type\":\"structure\",\"members\":{}},"
	"\"NotFoundException\":{\"type\":\"structure\",\"members\":{\"message\":{\"shape\":\"Text\"}},"
	"\"exception\":true},"
	"\"Box\":{\"type\":\"structure\",\"members\":{\"Name\":{\"shape\":\"Text\"},"
	"\"Size\":{\"shape\":\"Number\"},\"Color\":{\"shape\":\"Text\"},\"Password\":{\"shape\":\"Text\"},"
	"\"Arn\":{\"shape\":\"Text\"},\"Tags\":{\"shape\":\"Tags\"}}},"
	"\"Crate\":{\"type\":\"structure\",\"members\":{\"CrateId\":{\"shape\":\"Text\"},"
	"\"BoxName\":{\"shape\":\"Text\"},\"Description\":{\"shape\":\"Text\"},"
	"\"Note\":{\"shape\":\"Text\"},\"Revision\":{\"shape\":\"Text\"}}},"
	"\"CrateList\":{\"type\":\"list\",\"member\":{\"shape\":\"Crate\"}},"
	"\"Crates\":{\"type\":\"structure\",\"members\":{\"Items\":{\"shape\":\"CrateList\"}}},"
	"\"Label\":{\"type\":\"structure\",\"members\":{\"Name\":{\"shape\":\"Text\"},"
	"\"Text\":{\"shape\":\"Text\"},\"Tags\":{\"shape\":\"Tags\"}}}}}\n";

static const char box[] =
	"type: AWS::Toy::Box\n"
	"api: toy\n"
	"name: {property: Name, max: 40, alphabet: \"-_\"}\n"
	"key: [Name]\n"
	"owner: {tag: Tags}\n"
	"attributes: [Arn]\n"
	"stable: [Arn]\n"
	"known: {Arn: \"arn:{partition}:toy:{region}:{account}:box/{Name}\"}\n"
	"compare: {Tags: keyed(Key)}\n"
	"secret: [Password]\n"
	"write_only: [Password]\n"
	"consistency: 20\n"
	"latency: 1\n"
	"common: {in: {Name: $Name}, absent: NotFoundException}\n"
	"read:\n"
	"- {call: DescribeBox, out: {same: [Arn, Size, Color, Tags]}}\n"
	"create:\n"
	"- {call: CreateBox, in: {same: [Size, Color, Password, Tags]}, out: {same: [Arn]}, "
	"exists: ExistsException}\n"
	"update:\n"
	"- {props: [Size, Password, Tags], call: UpdateBox, in: {\"*\": $changed}}\n"
	"delete:\n"
	"- {call: DeleteBox}\n";

static const char crate[] =
	"type: AWS::Toy::Crate\n"
	"api: toy\n"
	"key: [CrateId]\n"
	"owner: {description: Description}\n"
	"attributes: [CrateId, Revision]\n"
	"revision: {attribute: Revision, moved: MovedException}\n"
	"stable: [CrateId]\n"
	"parent: BoxName\n"
	"lock: \"box/{BoxName}\"\n"
	"consistency: 20\n"
	"latency: 1\n"
	"common: {absent: NotFoundException}\n"
	"list: {call: ListCrates, in: {BoxName: $BoxName}, items: .Items, "
	"match: {contains(.Description $instance): true}, take: {same: [CrateId]}}\n"
	"read:\n"
	"- {call: DescribeCrate, in: {CrateId: $CrateId}, out: {same: [BoxName, Description, Note, Revision]}}\n"
	"create:\n"
	"- {call: CreateCrate, in: {same: [BoxName, Description, Note]}, out: {same: [CrateId]}}\n"
	"update:\n"
	"- {props: [Note, Description], call: UpdateCrate, "
	"in: {CrateId: $CrateId, Revision: $Revision, \"*\": $changed}, "
	"out: {same: [Revision]}, clear: {Note: \"\"}}\n"
	"delete:\n"
	"- {call: DeleteCrate, in: {CrateId: $CrateId}}\n";

static const char label[] =
	"type: AWS::Toy::Label\n"
	"api: toy\n"
	"name: {property: Name, max: 40, alphabet: \"-_\"}\n"
	"key: [Name]\n"
	"owner: {tag: Tags}\n"
	"compare: {Tags: keyed(Key)}\n"
	"consistency: 20\n"
	"latency: 1\n"
	"common: {in: {Name: $Name}, absent: NotFoundException}\n"
	"read:\n"
	"- {call: DescribeLabel, out: {same: [Text, Tags]}}\n"
	"create:\n"
	"- {call: PutLabel, in: {same: [Text, Tags]}}\n"
	"update:\n"
	"- {props: [Text, Tags], call: PutLabel, in: {same: [Text, Tags]}}\n"
	"delete:\n"
	"- {call: DeleteLabel}\n";

void fake_schemas(struct arena *a, struct files *files)
{
	files_memory_add(a, files, STR("toy/types/Toy.json"), str_from_c(types));
	files_memory_add(a, files, STR("toy/wire/toy.json"), str_from_c(wire));
	files_memory_add(a, files, STR("toy/drivers/Toy.Box.yaml"), str_from_c(box));
	files_memory_add(a, files, STR("toy/drivers/Toy.Crate.yaml"), str_from_c(crate));
	files_memory_add(a, files, STR("toy/drivers/Toy.Label.yaml"), str_from_c(label));
}
