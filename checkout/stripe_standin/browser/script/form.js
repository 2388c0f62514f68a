/** Pairs in the API's form encoding: `a[b]=1`, `a[]=x`. Undefined and null are left out. */
const formPairs = (value, name = '') => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => formPairs(item, `${name}[]`));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) =>
      formPairs(item, name ? `${name}[${key}]` : key),
    );
  }
  return [[name, String(value)]];
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A deep copy of `under` in which `over` wins wherever it says something. */
const merge = (under, over) => {
  const merged = {...under};
  for (const [key, value] of Object.entries(over || {})) {
    if (value === undefined || value === null || value === '') continue;
    merged[key] = isObject(value) && isObject(merged[key]) ? merge(merged[key], value) : value;
  }
  return merged;
};

/** 128 random bits as hexadecimal digits. */
const randomToken = () =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
