import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  type NonNullTypeNode,
  parseType,
  type TypeNode,
} from 'graphql';
import { isDeepStrictEqual } from 'node:util';

/** One place where `actual` cannot do what the contract promises. */
export interface Difference {
  /** `Type`, `Type.field`, `Type.field(arg)`, `Enum.VALUE`, `Input.field`, `Type implements I` or `Union | Member`. */
  path: string;
  problem: string;
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;
type InputValue = GraphQLArgument | GraphQLInputField;
// Types are compared as text: as objects they recurse through themselves, and typescript-eslint overflows its stack on them.
type NullableTypeNode = Exclude<TypeNode, NonNullTypeNode>;

/**
 * Everything because of which an operation that is valid under `contract` could be refused, or answered in another shape, by
 * `actual`. Additions are no differences, unless they make clients send something new.
 */
export function compareSchemas(contract: GraphQLSchema, actual: GraphQLSchema): Difference[] {
  return Object.values(contract.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => compareType(type, actual.getType(type.name)));
}

function compareType(contract: GraphQLNamedType, actual: GraphQLNamedType | undefined): Difference[] {
  const path = contract.name;
  if (!actual) return [{ path, problem: 'type is missing' }];
  if (contract.constructor.name !== actual.constructor.name) {
    return [{ path, problem: `is a ${actual.constructor.name} instead of a ${contract.constructor.name}` }];
  }
  if (isComposite(contract) && isComposite(actual)) {
    return [...compareInterfaces(contract, actual), ...compareFields(contract, actual)];
  }
  if (isUnionType(contract) && isUnionType(actual)) return compareMembers(contract, actual);
  if (isEnumType(contract) && isEnumType(actual)) return compareValues(contract, actual);
  if (isInputObjectType(contract) && isInputObjectType(actual)) return compareInputFields(contract, actual);
  return [];
}

function isComposite(type: GraphQLNamedType): type is Composite {
  return isObjectType(type) || isInterfaceType(type);
}

function compareInterfaces(contract: Composite, actual: Composite): Difference[] {
  const implemented = new Set(actual.getInterfaces().map((each) => each.name));
  return contract
    .getInterfaces()
    .filter((each) => !implemented.has(each.name))
    .map((each) => ({ path: `${contract.name} implements ${each.name}`, problem: 'interface is not implemented' }));
}

function compareFields(contract: Composite, actual: Composite): Difference[] {
  const actualFields = actual.getFields();
  return Object.values(contract.getFields()).flatMap((field) => {
    const path = `${contract.name}.${field.name}`;
    const found = actualFields[field.name];
    if (!found) return [{ path, problem: 'field is missing' }];
    const differences = compareArguments(path, field, found);
    const [was, is] = [field.type.toString(), found.type.toString()];
    if (!isOutputCompatible(parseType(was), parseType(is))) {
      differences.push({ path, problem: `type is ${is} instead of ${was}` });
    }
    return differences;
  });
}

function compareArguments(
  path: string,
  contract: GraphQLField<unknown, unknown>,
  actual: GraphQLField<unknown, unknown>,
): Difference[] {
  const promised = new Set(contract.args.map((each) => each.name));
  const added = actual.args.filter((each) => !promised.has(each.name) && isRequiredArgument(each));
  return [
    ...contract.args.flatMap((arg) =>
      compareInputValue(
        `${path}(${arg.name})`,
        arg,
        actual.args.find((each) => each.name === arg.name),
      ),
    ),
    ...added.map((arg) => ({ path: `${path}(${arg.name})`, problem: 'argument was added and is required' })),
  ];
}

function compareInputFields(contract: GraphQLInputObjectType, actual: GraphQLInputObjectType): Difference[] {
  const contractFields = contract.getFields();
  const actualFields = actual.getFields();
  const added = Object.values(actualFields).filter((each) => !contractFields[each.name] && isRequiredInputField(each));
  return [
    ...Object.values(contractFields).flatMap((field) =>
      compareInputValue(`${contract.name}.${field.name}`, field, actualFields[field.name]),
    ),
    ...added.map((field) => ({
      path: `${contract.name}.${field.name}`,
      problem: 'input field was added and is required',
    })),
  ];
}

function compareInputValue(path: string, contract: InputValue, actual: InputValue | undefined): Difference[] {
  if (!actual) return [{ path, problem: 'is missing' }];
  const [was, is] = [contract.type.toString(), actual.type.toString()];
  if (!isInputCompatible(parseType(was), parseType(is))) return [{ path, problem: `type is ${is} instead of ${was}` }];
  if (contract.defaultValue !== undefined && !isDeepStrictEqual(contract.defaultValue, actual.defaultValue)) {
    const found = actual.defaultValue === undefined ? 'absent' : JSON.stringify(actual.defaultValue);
    return [{ path, problem: `default is ${found} instead of ${JSON.stringify(contract.defaultValue)}` }];
  }
  return [];
}

function compareMembers(contract: GraphQLUnionType, actual: GraphQLUnionType): Difference[] {
  const members = new Set(actual.getTypes().map((each) => each.name));
  return contract
    .getTypes()
    .filter((each) => !members.has(each.name))
    .map((each) => ({ path: `${contract.name} | ${each.name}`, problem: 'member is missing' }));
}

function compareValues(contract: GraphQLEnumType, actual: GraphQLEnumType): Difference[] {
  return contract
    .getValues()
    .filter((each) => !actual.getValue(each.name))
    .map((each) => ({ path: `${contract.name}.${each.name}`, problem: 'value is missing' }));
}

/** Answers may promise more: what was nullable may be never null. */
function isOutputCompatible(contract: TypeNode, actual: TypeNode): boolean {
  if (contract.kind === Kind.NON_NULL_TYPE) {
    return actual.kind === Kind.NON_NULL_TYPE && isOutputCompatible(contract.type, actual.type);
  }
  return sameShape(contract, actual.kind === Kind.NON_NULL_TYPE ? actual.type : actual, isOutputCompatible);
}

/** Inputs may ask for less: what was required may be optional. */
function isInputCompatible(contract: TypeNode, actual: TypeNode): boolean {
  if (actual.kind === Kind.NON_NULL_TYPE) {
    return contract.kind === Kind.NON_NULL_TYPE && isInputCompatible(contract.type, actual.type);
  }
  return sameShape(contract.kind === Kind.NON_NULL_TYPE ? contract.type : contract, actual, isInputCompatible);
}

function sameShape(
  contract: NullableTypeNode,
  actual: NullableTypeNode,
  compareItems: (contract: TypeNode, actual: TypeNode) => boolean,
): boolean {
  if (contract.kind === Kind.LIST_TYPE) {
    return actual.kind === Kind.LIST_TYPE && compareItems(contract.type, actual.type);
  }
  return actual.kind === Kind.NAMED_TYPE && actual.name.value === contract.name.value;
}
